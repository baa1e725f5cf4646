#!/bin/sh
# Makes our namespace and its search attributes, or brings an older one up to date.
set -eu

patiently() {
    tries=60
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 2
    done
}

exists() {
    temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1
}

patiently temporal operator cluster health

if exists; then
    patiently temporal operator namespace update \
        --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
else
    temporal operator namespace create \
        --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
fi

# The server learns of a new namespace with a delay; one that knows the attribute already is content.
while read -r name type; do
    patiently temporal operator search-attribute create \
        --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type "$type" </dev/null
done <<'ATTRIBUTES'
Programme Keyword
Cohort Keyword
Commune Keyword
Phase Keyword
WaitingOn KeywordList
Stalled Bool
EscalationLevel Int
Due Datetime
ATTRIBUTES

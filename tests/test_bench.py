"""What is measured beside ours does the same work: it must read what the record writes today."""

from bench import fold


def test_the_plainest_fold_reads_every_event_that_ours_does() -> None:
    told = list(fold._recorded().items())
    kinds = {kind for _, rows in told for body, _ in rows for kind in fold._KINDS if kind in body}
    assert kinds == set(fold._KINDS)
    assert fold._fold_plainly(told) > 0

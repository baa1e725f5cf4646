"""What a wait is about, in the reader's words."""

from console import money_words, words
from domain.waits import Wait
from language.sentences import in_their_language


def said(wait: Wait) -> str:
    """`investment policy, round 2` of a dossier; nothing where the task says it all."""
    told = in_their_language(wait.about)
    if told != wait.about:
        return told
    names = {**words.DOSSIERS, **words.CAUSES, **money_words.PAYMENT_KINDS, **words.PAUSE_CAUSES}
    key, comma, rest = wait.about.partition(",")
    return f"{words.said(names, key)}{comma}{rest}"

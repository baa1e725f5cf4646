"""Old Vietnamese encodings, recognised by their letters, named, and never guessed at.

TCVN3 (fonts .VnTime) and VNI (fonts VNI-Times) put Vietnamese letters in the places of Western
ones: their files look right in their own font and nowhere else, and nothing inside names them.
"""

import re
from typing import Final

from language.catalogue import tr

_NEAR_LETTER = r"(?<=[A-Za-z])[{0}]|[{0}](?=[A-Za-z])"
_SYMBOLS: Final = re.compile(_NEAR_LETTER.format("µ¸¶·¹¨»¾¼½©ª«¬®§¦¡¢£¤¥\u00ad×÷"))
"""TCVN3 writes à á ả ã ạ ă â ê ô ơ ư đ so; as signs they do not stand beside letters."""
_VNI: Final = re.compile(
    "[AaEeOoUuYy\u00f4\u00d4\u00f6\u00d6][äåëüïûøñÄÅËÜÏÛØÑâáàéèêúùÂÁÀÉÈÊÚÙõÕ]|[ñÑ]"
)
"""VNI writes the letter and then its marks: Dieän tích, hoä."""
_VNI_ONLY: Final = re.compile("[äåëüïûøñÄÅËÜÏÛØÑöÖ]")
_CP1258: Final = re.compile("[AaEeIiOoUuYyâêôõýăãÂÊÔÕÝ][ÌÒÞìòÍÎ]|ð")
_MOJIBAKE: Final = re.compile("á[»º]|Ã[\u0080-\u00bf]|Æ[°¡]|Ä[\u0090\u0091‘]")
_VIETNAMESE: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def named(text: str) -> str | None:
    """Which old encoding a text looks like; None for Vietnamese as it is, and for what has none.

    Bytes are judged as the Western letters of the same number.
    """
    if len(_VIETNAMESE.findall(text)) > len(_SYMBOLS.findall(text)):
        return None
    if len(_MOJIBAKE.findall(text)) >= 2:
        return tr("UTF-8 read as Latin-1")
    symbols, pairs = len(_SYMBOLS.findall(text)), len(_VNI.findall(text))
    if symbols >= 2 and symbols >= len(_VNI_ONLY.findall(text)) / 2:
        return "TCVN3 (ABC, .VnTime)"
    if pairs >= 2 and _VNI_ONLY.search(text):
        return "VNI"
    if len(_CP1258.findall(text)) >= 2:
        return "Windows-1258"
    return None


def of_bytes(data: bytes) -> str | None:
    """The encoding of what is not UTF-8; None for what is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:400].count(0) > len(data[:400]) // 4:
        return "UTF-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return named(data.decode("latin-1")) or "Latin-1?"
    return None

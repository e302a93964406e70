"""Zipped XML: what is refused before a parser sees it."""

import io
import zipfile

import pytest

from ingest.errors import DocumentError
from ingest.loaders import zipped
from ingest.loaders.zipped import check_xml, open_zip
from tests.ingest.making import packed

LAUGHS = '<?xml version="1.0" encoding="{}"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
NAMED = '<?xml version="1.0" encoding="{}"?><!DOCTYPE x PUBLIC "a" "b.dtd"><x>&nbsp;</x>'
PLAIN = '<?xml version="1.0" encoding="{}"?><x>words</x>'


def is_refused(content: bytes, *, doctype: bool = False) -> bool:
    try:
        check_xml(content, "a.docx", doctype=doctype)
    except DocumentError:
        return True
    return False


@pytest.mark.parametrize(
    "encoding",
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le iso-8859-1 utf-7 cp037 cp1252 "
    "shift_jis koi8-r gb2312".split(),
)
def test_entities_and_document_types_are_refused_in_every_encoding(encoding: str) -> None:
    stated = encoding.removesuffix("-sig")
    laughs, named = (text.format(stated).encode(encoding) for text in (LAUGHS, NAMED))
    assert is_refused(laughs)
    assert is_refused(laughs, doctype=True)
    assert is_refused(named)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_xml_without_them_is_not_refused_nor_a_named_type_where_it_may_be(encoding: str) -> None:
    stated = encoding.removesuffix("-sig")
    assert not is_refused(PLAIN.format(stated).encode(encoding))
    assert not is_refused(NAMED.format(stated).encode(encoding), doctype=True)


def test_what_is_not_well_formed_is_looked_through() -> None:
    assert not is_refused(b"<x><y></x>")
    assert is_refused(b"<x><y></x><!DOCTYPE x>")
    assert is_refused('<x><y></x><!doctype x [<!entity a "b">]>'.encode("utf-16-le"), doctype=True)
    assert is_refused(b'<?xml version="1.0" encoding="nonsense"?><x/>')


@pytest.mark.parametrize("name", ["a.xml", "a.bin", "a", "media/a.xml"])
def test_a_member_is_xml_by_how_it_begins_whatever_it_is_called(name: str) -> None:
    hostile = b" " * 5_000 + b"<!DOCTYPE x><x/>"
    with pytest.raises(DocumentError, match=f"{name} declares XML entities or a document type"):
        open_zip(packed(**{name: hostile}), "a.docx")


def test_a_picture_that_names_a_document_type_is_left_alone() -> None:
    picture = NAMED.format("utf-8").encode()
    members = {"word/media/a.svg": picture, "b.png": b"\x89PNG", "c.xml": b"<x/>"}
    assert open_zip(packed(**members), "a.docx").namelist() == list(members)


def test_of_two_members_with_one_name_both_are_looked_at() -> None:
    out = io.BytesIO(packed(**{"a.xml": b"<!DOCTYPE x><x/>"}))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.xml", b"<x/>")
    with pytest.raises(DocumentError, match="declares"):
        open_zip(out.getvalue(), "a.docx")


def test_too_much_and_too_many_are_refused_before_they_are_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = packed(**{"a.xml": b"<x>" + b" " * 300_000_000 + b"</x>"})
    assert len(bomb) < 300_000
    with pytest.raises(DocumentError, match="it unpacks to 300 MB, the limit is 200 MB"):
        open_zip(bomb, "a.docx")
    monkeypatch.setattr(zipped, "MAX_MEMBERS", 2)
    with pytest.raises(DocumentError, match="made of 3 parts, the limit is 2"):
        open_zip(packed(a=b"", b=b"", c=b""), "a.docx")


def test_a_member_that_unpacks_to_more_than_it_says_is_damage() -> None:
    content = packed(**{"a.xml": b"<x>" + b" " * 1_000_000 + b"</x>"})
    size = (1_000_007).to_bytes(4, "little")
    assert content.count(size) == 2
    with pytest.raises(DocumentError, match="damaged"):
        open_zip(content.replace(size, (100).to_bytes(4, "little")), "a.docx")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", packed(a=b"words")[:-10]], ids=["none", "a start", "no end"]
)
def test_damage_is_said(content: bytes) -> None:
    with pytest.raises(DocumentError, match="damaged"):
        open_zip(content, "a.docx")

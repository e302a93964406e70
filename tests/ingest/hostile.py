"""Documents that are made to hurt who reads them, each a few kilobytes of code or of file."""

import io
import zipfile
import zlib

HEAD = (
    '<?xml version="1.0" encoding="{}"?>{}<w:document xmlns:w="http://schemas.openxmlformats.org/'
    'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'
)


def empty_text_objects(count: int = 3_000_000) -> bytes:
    """A PDF that begins and ends a text object, and again."""
    return pdf(b"BT /F1 12 Tf () Tj ET\n" * count)


def lines(count: int = 3_000_000) -> bytes:
    """A PDF that draws a line, and again."""
    return pdf(b"0 0 m 9 9 l S\n" * count)


def layers(count: int = 60) -> bytes:
    """A PDF that says one sentence, and lays as many transparent sheets over the whole page."""
    words = b"BT /F1 12 Tf 50 700 Td (Ferns unfold in spring.) Tj ET\n"
    resources = (
        b"<</XObject<</X 5 0 R>>/ExtGState<</S<</Type/ExtGState/ca 0.5/BM/Luminosity>>>>"
        b"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    )
    fill = b"0.5 g 0 0 600 800 re f"
    sheet = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Group<</S/Transparency/I true>>"
        b"/Length %d>>stream\n%b\nendstream" % (len(fill), fill)
    )
    return pdf(words + b"/S gs\n" + b"/X Do\n" * count, resources, sheet)


def pdf(operators: bytes, resources: bytes = b"<<>>", *more: bytes) -> bytes:
    """A PDF of one page, which these draw; `more` objects are numbered from 5."""
    stream = zlib.compress(operators, 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources %b>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page % resources,
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
        *more,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def one_line(size: int = 19_500_000) -> bytes:
    """Words without an end to the line."""
    return (b"word " * (size // 5 + 1))[:size]


def rows(count: int = 1_000_000) -> bytes:
    """A Markdown table."""
    return b"| a | b |\n| - | - |\n" + b"| 1 | 2 |\n" * count


def word(document: bytes) -> bytes:
    """A Word file with `document` for its main part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def entities(encoding: str = "utf-16") -> bytes:
    """A Word file whose text is an entity that it declares."""
    declared = '<!DOCTYPE x [<!ENTITY a "The cat purrs.">]>'
    return word(HEAD.format(encoding, declared, "&a;").encode(encoding))


def bomb(size: int = 300_000_000) -> bytes:
    """A Word file that unpacks to a thousand times what it has."""
    start, end = HEAD.format("utf-8", "", "cut").encode().split(b"cut")
    return word(start + b" " * size + end)

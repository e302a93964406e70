"""AsciiDoc's marks within a line, as HTML."""

import re
from html import escape

_KEPT = re.compile("\x00(\\d+)\x00")
_LITERAL = re.compile(
    r"\+\+\+(?P<raw>.{1,1000}?)\+\+\+|pass:\w*\[(?P<passed>.{0,1000}?)(?<!\\)\]"
    r"|(?<![\w`])`\+(?P<plain>.{1,1000}?)\+`(?!\w)|(?<![\w`\"'])`(?!`)(?P<code>[^`\n]+?)`(?![\w`\"'])"
    r"|``(?P<codes>.{1,1000}?)``|(?<![\w+])\+(?P<verbatim>\S|\S.{0,1000}?\S)\+(?![\w+])"
    r"|(?:stem|latexmath|asciimath):\[\$?(?P<formula>.{0,1000}?)\$?(?<!\\)\]",
    re.DOTALL,
)
_NOTE = re.compile(r"footnote(?:ref)?:([\w-]*)\[((?:[^\[\]]|\[[^\]]{0,1000}\])*)\]")
_LINK = re.compile(
    r"\b(?:link:|mailto:|xref:)([^\s\[]{1,2000})\[([^\]]{0,1000})\]"
    r"|\b(https?://[^\s\[<>]{1,2000})\[([^\]]{0,1000})\]"
)
_REFERENCE = re.compile(r"&lt;&lt;([^,&]+?)(?:,\s*(.{1,1000}?))?&gt;&gt;", re.DOTALL)
_IMAGE = re.compile(r"\b(image|icon):([^:\s\[][^\s\[]*)\[([^\]]{0,1000})\]")
_KEYS = re.compile(r"\b(?:kbd|btn):\[([^\]]+)\]")
_MENU = re.compile(r"\bmenu:([^\[\s]+)\[([^\]]{0,1000})\]")
_ANCHOR = re.compile(r"\[\[[^\]]+\]\]|\banchor:[\w-]+\[[^\]]{0,1000}\]")
_INDEX = re.compile(r"\(\(\([^()]{0,1000}\)\)\) ?|\(\((\S[^()]{0,1000})\)\)")
_ATTRIBUTE = re.compile(r"\\?\{([\w-]+)\}")
_ATTRIBUTES = {
    "nbsp": "\u00a0", "empty": "", "sp": " ", "plus": "+", "asterisk": "*", "vbar": "|",
    "startsb": "[", "endsb": "]", "caret": "^", "tilde": "~", "backslash": "\\", "backtick": "`",
    "two-colons": "::", "apos": "'", "quot": '"', "amp": "&", "lt": "<", "gt": ">", "deg": "°",
    "zwsp": "", "wj": "",
}  # fmt: skip
_STRUCK = re.compile(
    r"\[(?:line-through|\.line-through|\.strike|strike)\](##?)(.{1,1000}?)\1", re.DOTALL
)
_ROLE = re.compile(
    r"(?:\[[.#%\w-]+\])?(?:##(.{1,1000}?)##|(?<!\w)#(\S|\S.{0,1000}?\S)#(?!\w))", re.DOTALL
)
_QUOTED = (
    (re.compile(r'"`(.{1,1000}?)`"', re.DOTALL), "“\\1”"),
    (re.compile(r"'`(.{1,1000}?)`'", re.DOTALL), "‘\\1’"),
    (re.compile(r"\^([^\s^]+)\^"), "<sup>\\1</sup>"),
    (re.compile(r"~([^\s~]+)~"), "<sub>\\1</sub>"),
    (re.compile(r"(?:\[[.#%\w-]+\])?\*\*(.{1,1000}?)\*\*", re.DOTALL), "<b>\\1</b>"),
    (
        re.compile(r"(?<![\w*])(?:\[[.#%\w-]+\])?\*(\S|\S.{0,1000}?\S)\*(?![\w*])", re.DOTALL),
        "<b>\\1</b>",
    ),
    (re.compile(r"__(.{1,1000}?)__", re.DOTALL), "<i>\\1</i>"),
    (re.compile(r"(?<![\w_])_(\S|\S.{0,1000}?\S)_(?![\w_])", re.DOTALL), "<i>\\1</i>"),
    (re.compile(r"\(C\)"), "©"),
    (re.compile(r"\(R\)"), "®"),
    (re.compile(r"\(TM\)"), "™"),
    (re.compile(r"(?<=\w)--(?=\w)"), "—"),
    (re.compile(r"(?<=\s)--(?=\s)"), "—"),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"(?<=\S) \+$", re.MULTILINE), "<br>"),
    (re.compile(r"\\(?=[*_`#^~<\[{])"), ""),
)


class Inline:
    """Writes what stands in a block as HTML; `attributes` are those that the document sets."""

    def __init__(self) -> None:
        self.attributes = dict(_ATTRIBUTES)
        self._notes: list[str] = []

    def __call__(self, text: str) -> str:
        kept: list[str] = []

        def keep(found: re.Match[str]) -> str:
            code = found["code"] or found["codes"] or found["plain"]
            words = found["passed"] or found["verbatim"] or found["raw"] or ""
            formula = found["formula"]
            written = f"<code>{escape(code)}</code>" if code else escape(words)
            kept.append(f"${escape(formula)}$" if formula else written)
            return f"\0{len(kept) - 1}\0"

        text = _ATTRIBUTE.sub(self._attribute, text.replace("\0", ""))
        text = escape(_LITERAL.sub(keep, text), quote=False)
        text = _NOTE.sub(self._note, text)
        text = _IMAGE.sub(_image, text)
        text = _LINK.sub(lambda found: _words(found[2], found[4]) or found[1] or found[3], text)
        text = _REFERENCE.sub(
            lambda found: found[2] or found[1].lstrip("#").replace("_", " "), text
        )
        text = _KEYS.sub(r"\1", text)
        text = _MENU.sub(lambda found: f"{found[1]} › {found[2]}".rstrip(" ›"), text)
        text = _INDEX.sub(r"\1", _ANCHOR.sub("", text))
        text = _STRUCK.sub(r"<s>\2</s>", text)
        text = _ROLE.sub(lambda found: found[1] or found[2], text)
        for mark, shown in _QUOTED:
            text = mark.sub(shown, text)
        return _KEPT.sub(lambda found: kept[int(found[1])], text)

    def notes(self) -> str:
        """The notes, for the end of the page; each goes to the sentence that it is set in."""
        return "".join(self._notes)

    def _attribute(self, found: re.Match[str]) -> str:
        known = self.attributes.get(found[1].lower())
        return found[0] if known is None or found[0].startswith("\\") else known

    def _note(self, found: re.Match[str]) -> str:
        if not found[2]:
            return ""  # set a second time
        number = len(self._notes) + 1
        words = f'<a href="#r{number}">^</a> {self(found[2])}'
        self._notes.append(f'<div class="footnote" id="n{number}">{words}</div>')
        return f'<sup id="r{number}"><a href="#n{number}">{number}</a></sup>'


def _image(found: re.Match[str]) -> str:
    told = found[3].split(",")[0].strip('" ')
    return "" if found[1] == "icon" else f'<img alt="{escape(told)}">'


def _words(*some: str | None) -> str:
    """What a link shows; what is said of its window is not shown."""
    text = next(filter(None, some), "").removesuffix("^")
    return re.sub(r",\s*(?:window|role|opts)=.*$", "", text).strip('"').rstrip("^")

"""reStructuredText, with docutils; what only Sphinx knows is read for its words."""

import re
from typing import Any

from ingest.errors import DocumentError
from ingest.loaders import html
from ingest.loaders.document import LoadedDocument
from ingest.loaders.encoding import decode

_DIRECTIVE = re.compile(r"^[ \t]*\.\. ([a-zA-Z][\w:+.-]*?)::(?:\s|$)", re.MULTILINE)
_ROLE = re.compile(r":([a-zA-Z][\w:+.-]*):`")
_TARGET = re.compile(r"\s*<[^<>]*>$")
_VERSIONS = {
    "versionadded": "New in version", "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
}  # fmt: skip
_UNSEEN = frozenset("index highlight currentmodule module py:currentmodule meta".split())


def read(content: bytes, name: str) -> LoadedDocument:
    """Load reStructuredText; nothing that it includes is opened."""
    from docutils.core import publish_string
    from docutils.utils import SystemMessage

    text, warnings = decode(content, name)
    _learn(text)
    settings = {
        "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 5,
        "_disable_config": True, "output_encoding": "unicode", "embed_stylesheet": False,
        "stylesheet_path": "", "math_output": "LaTeX", "doctitle_xform": True,
    }  # fmt: skip
    try:
        source = str(publish_string(text, writer="html5", settings_overrides=settings))
    except (SystemMessage, RecursionError, ValueError) as error:
        raise DocumentError(name, "its markup cannot be read.", "Save it as text.") from error
    return html.from_source(source, name, "rst", warnings)


def _learn(text: str) -> None:
    """Let docutils read the words of directives and roles that it does not know."""
    from docutils import nodes
    from docutils.parsers.rst import Directive, directives, languages, roles
    from docutils.utils import new_document

    class Words(Directive):  # type: ignore[misc]
        has_content = True
        optional_arguments = 1
        final_argument_whitespace = True
        option_spec = _AnyOption(any=directives.unchanged)

        def run(self) -> list[Any]:
            if self.name in _UNSEEN:
                return []
            holder = nodes.container()
            label = _VERSIONS.get(self.name, "")
            told = " ".join(filter(None, (label, *self.arguments)))
            if told:
                inside, _ = self.state.inline_text(told, self.lineno)
                holder += nodes.paragraph("", "", *inside)
            self.state.nested_parse(self.content, self.content_offset, holder)
            return [holder]

    def words(
        role: str, raw: str, text: str, *_: Any, **others: Any
    ) -> tuple[list[Any], list[Any]]:
        shown = _TARGET.sub("", text.replace("\0", "")).lstrip("~!")
        return [nodes.inline(raw, shown or text)], []

    document, english = new_document(""), languages.get_language("en")
    for name in set(_DIRECTIVE.findall(text)):
        if directives.directive(name.lower(), english, document)[0] is None:
            directives.register_directive(name.lower(), Words)
    for name in set(_ROLE.findall(text)):
        if roles.role(name.lower(), english, 0, document.reporter)[0] is None:
            roles.register_local_role(name.lower(), words)


class _AnyOption(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return self["any"]

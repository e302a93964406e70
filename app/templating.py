"""The templates of a package. What they are given is escaped."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(package: str, name: str) -> "Template":
    """Return a template by its file's name in the folder `templates` of a package."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader(package), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)

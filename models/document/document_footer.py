import re
from functools import lru_cache

from lxml.html import clean, fragment_fromstring, tostring
from markupsafe import Markup

from odoo import api, models

#: Elements of a legal footer. Without attributes: no address, no style, no script.
TAGS = frozenset({"b", "br", "div", "em", "i", "li", "ol", "p", "span", "strong", "u", "ul"})
#: Elements that are removed with their content.
KILLED = (
    "applet", "embed", "form", "frame", "frameset", "head", "iframe", "link", "math", "meta",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
)  # fmt: skip

_cleaner = clean.Cleaner(
    allow_tags=TAGS,
    kill_tags=KILLED,
    remove_unknown_tags=False,
    safe_attrs_only=True,
    safe_attrs=frozenset(),
    style=True,
)


@lru_cache(maxsize=32)  # all documents of one issuer and lot of numbers share it
def harmless_footer(html):
    """Return the service's legal footer with only text and simple markup.

    Odoo's own sanitizing keeps images and styles, which can load from any address.
    """
    if not html or not str(html).strip():
        return False
    # No processing instructions, comments or characters that XML does not know.
    text = re.sub(r"<[?!][^>]*>|[\x00-\x08\x0b\x0c\x0e-\x1f]", "", str(html))
    footer = fragment_fromstring(text, create_parent="div")
    _cleaner(footer)
    return Markup(tostring(footer, encoding="unicode"))  # noqa: S704 - cleaned above


class SmartDocument(models.Model):
    _inherit = "smart.document"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        return super().create([self._with_harmless_footer(vals) for vals in vals_list])

    def write(self, vals):
        # EXTENDS 'base'
        return super().write(self._with_harmless_footer(vals))

    @api.model
    def _with_harmless_footer(self, vals):
        """Return the values with a legal footer that is safe to show, if they have one."""
        if "legal_footer" not in vals:
            return vals
        return {**vals, "legal_footer": harmless_footer(vals["legal_footer"])}

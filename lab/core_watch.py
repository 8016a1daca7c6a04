"""The methods of Odoo that this addon leans on most, and whether they are still as we read them.

Odoo gets fixes within 19.0. A method that changes is no error by itself: it is something to read.
So each one's source is compared with its fingerprint of the day when somebody read it. Comments,
docstrings and layout do not count, nor does the build of Odoo: only what the method does.
"""

import hashlib
import importlib
import inspect
import io
import json
import re
import textwrap
import tokenize
from pathlib import Path
from typing import NamedTuple

RECORDED = Path(__file__).with_suffix(".json")


class Watched(NamedTuple):
    """A method of Odoo's, ours that depends on it, and what to look at when it has changed.

    :param core: ``module:Class.method``, of ``odoo`` or ``odoo.addons``
    :param ours: the file, from the addon's root
    :param check: what our code takes for granted
    """

    core: str
    ours: str
    check: str


_BASE = "odoo.addons.base.models"
_MOVE = "odoo.addons.account.models.account_move:AccountMove"
_LINE = "odoo.addons.account.models.account_move_line:AccountMoveLine"

WATCHED = (
    # -- the auditor: what it may see and do ---------------------------------------------------
    Watched(f"{_BASE}.ir_http:IrHttp._dispatch", "models/auditor/calls.py",
            "every request of an auditor passes here, after its user and its parameters are known "
            "and before anything is written"),
    Watched("odoo.http:Request._serve_ir_http", "models/auditor/calls.py",
            "the transaction of a request is still open, and not yet used, when _dispatch is "
            "called; SET TRANSACTION READ ONLY must come before any query that takes a snapshot "
            "to write with"),
    Watched(f"{_BASE}.res_users:ResUsers._check_uid_passwd", "models/auditor/calls.py",
            "nothing but the old external API calls it, and that one always does"),
    Watched(f"{_BASE}.res_users:ResUsers._get_group_ids", "models/auditor/auditor.py",
            "all of Odoo asks it which groups a user has; its cache goes by the user alone"),
    Watched(f"{_BASE}.ir_rule:IrRule._compute_domain", "models/auditor/rights.py",
            "the keys of its cache are copied there; rows are limited nowhere else"),
    Watched(f"{_BASE}.ir_rule:IrRule._compute_domain_context_values", "models/auditor/rights.py",
            "the cache of _compute_domain, copied there, goes by these values"),
    Watched(f"{_BASE}.ir_model:IrModelAccess._get_allowed_models", "models/auditor/rights.py",
            "the keys of its cache are copied there; rights to a model are asked of it alone"),
    Watched(f"{_BASE}.ir_ui_view:IrUiView._postprocess_access_rights", "models/auditor/rights.py",
            "the attribute model_access_rights names the view's model and is gone afterwards"),
    Watched(f"{_BASE}.ir_ui_menu:IrUiMenu._visible_menu_ids", "models/auditor/rights.py",
            "the keys of its cache are copied there"),
    Watched(f"{_BASE}.ir_actions:IrActionsActions.get_bindings", "models/auditor/rights.py",
            "it returns the bound actions by kind, reports under “report”"),
    # -- the lane: processes, locks, connections -----------------------------------------------
    Watched("odoo.service.server:Worker.signal_handler", "models/lane/server_stop.py",
            "SIGINT sets alive to False and nothing else"),
    Watched("odoo.service.server:Worker._runloop", "models/lane/server_stop.py",
            "what signal.getsignal(SIGINT) is bound to, and where the watchdog is told"),
    Watched("odoo.service.server:Worker.check_limits", "models/lane/server_stop.py",
            "how the limit of CPU time is set, and when it begins anew"),
    Watched("odoo.service.server:PreforkServer.pipe_ping", "models/lane/server_stop.py",
            "it gives a sign of life of the worker whose watchdog_pipe it is given"),
    Watched("odoo.service.server:ThreadedServer.stop", "models/lane/server_stop.py",
            "functions of on_stop run before connections are closed"),
    Watched("odoo.service.server:CommonServer.on_stop", "models/lane/server_stop.py",
            "what it takes is called once, as the server stops"),
    Watched("odoo.sql_db:Cursor.__init__", "models/lane/lock.py",
            "the connection of psycopg2 is the cursor's _cnx"),
    Watched("odoo.sql_db:Cursor._close", "models/lane/lock.py",
            "a connection that is closed already does not go back into the pool"),
    # -- amounts ---------------------------------------------------------------------------------
    Watched("odoo.addons.account.models.account_tax:AccountTax._round_base_lines_tax_details",
            "models/stating/account_tax.py",
            "the keys of tax_details (taxes_data, total_excluded, delta_total_excluded, "
            "raw_tax_amount, tax_amount, each with _currency), and that given tax lines rule"),
    Watched("odoo.addons.account.models.account_tax:AccountTax._distribute_delta_amount_smoothly",
            "models/stating/account_tax.py",
            "it returns one amount for each factor, in their order"),
    Watched("odoo.addons.base.models.res_currency:ResCurrency._get_conversion_rate",
            "models/conversion/payload_rate.py",
            "units of the second currency for one of the first"),
    Watched("odoo.addons.base.models.res_currency:ResCurrency._get_rates",
            "models/conversion/payload_rate.py",
            "rates of the root company and of all companies, the last one on or before the day; "
            "_table_rate finds the same ones"),
    Watched(f"{_MOVE}._compute_invoice_currency_rate", "models/conversion/payload_rate.py",
            "invoice_currency_rate is units of the document's currency for one of the company's"),
    # -- the invoice -----------------------------------------------------------------------------
    Watched(f"{_MOVE}._post", "models/invoice/account_move.py",
            "numbers are given in it; it returns what it has posted; whoever overrides it may "
            "still write to what is posted"),
    Watched(f"{_MOVE}.button_draft", "models/annulment/account_move.py",
            "need_cancel_request keeps a document from it; the status is written by write"),
    Watched(f"{_MOVE}.button_cancel", "models/annulment/account_move.py",
            "cancelling what SMART has annulled goes by button_draft, and undoes reconciliation"),
    Watched(f"{_MOVE}.button_request_cancel", "models/annulment/account_move.py",
            "the button “Request Cancel” calls it, for one document"),
    Watched(f"{_MOVE}._need_cancel_request", "models/annulment/account_move.py",
            "a hook that says False"),
    Watched(f"{_MOVE}._compute_need_cancel_request", "models/annulment/account_move.py",
            "it asks _need_cancel_request, document by document"),
    Watched(f"{_MOVE}._compute_show_reset_to_draft_button", "models/annulment/account_move.py",
            "need_cancel_request hides “Reset to Draft” while a document is posted; once it is "
            "cancelled our view does"),
    Watched(f"{_MOVE}._get_violated_lock_dates", "models/annulment/account_move.py",
            "it returns what res.company._format_lock_dates puts into words"),
    Watched(f"{_MOVE}._reconcile_reversed_moves", "models/invoice/account_move_reversed.py",
            "_post and reversing call it with the documents in pairs, by their places"),
    Watched(f"{_MOVE}._hash_moves", "models/locks/account_move.py",
            "it writes inalterable_hash of posted documents, and nothing else of theirs"),
    Watched(f"{_MOVE}._set_next_made_sequence_gap", "models/locks/account_move.py",
            "it writes made_sequence_gap alone"),
    Watched(f"{_MOVE}._field_will_change", "models/locks/master_data.py",
            "it tells whether values change a field of one record"),
    Watched(f"{_LINE}.write", "models/locks/account_move_line.py",
            "it may write to lines of a document without its write"),
    Watched("odoo.addons.account.models.account_partial_reconcile:AccountPartialReconcile"
            "._update_matching_number", "models/locks/account_move.py",
            "it writes matching_number alone"),
    Watched("odoo.orm.models:BaseModel._update_field_translations", "models/base/lock.py",
            "translations are written by SQL there, and not by write"),
    Watched("odoo.orm.models:BaseModel._field_to_sql", "models/document/document_owner.py",
            "every search, group, sort and export of a related field passes here"),
    Watched("odoo.addons.base.wizard.base_partner_merge:BasePartnerMergeAutomaticWizard._merge",
            "wizards/base_partner_merge.py",
            "all merging of contacts passes here, with the same order of destinations"),
    Watched("odoo.addons.base.wizard.base_partner_merge:BasePartnerMergeAutomaticWizard"
            "._log_merge_operation", "wizards/base_partner_merge.py",
            "its last step, when nothing refers to the sources any more"),
    Watched("odoo.addons.account.models.chart_template:AccountChartTemplate._pre_load_data",
            "models/taxes/account_chart_template.py",
            "it writes the country's currency on companies without entries"),
    Watched("odoo.addons.account.models.chart_template:AccountChartTemplate._pre_reload_data",
            "models/taxes/account_chart_template.py",
            "it renames taxes, and data names what is written afterwards; it knows a tax by the "
            "first of its external ids"),
    Watched("odoo.addons.account.models.chart_template:AccountChartTemplate"
            "._get_chart_template_data", "models/taxes/account_chart_template.py",
            "all of a chart passes here, also what is given to companies abroad"),
    # -- spreadsheets ----------------------------------------------------------------------------
    Watched("odoo.addons.web.controllers.export:ExcelExport.from_group_data",
            "controllers/spreadsheet.py",
            "names of groups are the keys of children; the model is groups._model"),
    Watched("odoo.addons.web.controllers.pivot:TableExporter.export_xlsx",
            "controllers/spreadsheet.py",
            "what is shown stands under “title”; the model under “model”"),
)  # fmt: skip


def source(core):
    """Return the source of a method of Odoo's.

    :raises LookupError: when there is none of that name any more
    """
    module, _colon, path = core.partition(":")
    try:
        found = importlib.import_module(module)
        for name in path.split("."):
            found = inspect.getattr_static(found, name)
        code = inspect.getsource(inspect.unwrap(getattr(found, "__func__", found)))
    except (AttributeError, ImportError, OSError, TypeError) as error:
        raise LookupError(core) from error
    if not re.search(rf"\bdef {name}\b", code):
        raise LookupError(f"{core}: a decorator hides it")
    return code


def fingerprint(code):
    """Return what stays the same as long as a method does the same; independent of Python's own."""
    parts, at_start = [], True
    for token in tokenize.generate_tokens(io.StringIO(textwrap.dedent(code)).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER):
            continue
        if token.type == tokenize.STRING and at_start:
            continue  # a docstring
        at_start = token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE)
        layout = {tokenize.INDENT: "{", tokenize.DEDENT: "}", tokenize.NEWLINE: ";"}
        # Python 3.12 cuts f-strings into tokens: without spaces, and with simple braces, they read
        # as the one token that they were before.
        text = "".join(token.string.split()).replace("{{", "{").replace("}}", "}")
        parts.append(layout.get(token.type) or text)
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def present():
    """Return the fingerprint of every watched method, ``None`` for one that is gone."""
    found = {}
    for watched in WATCHED:
        try:
            found[watched.core] = fingerprint(source(watched.core))
        except LookupError:
            found[watched.core] = None
    return found


def recorded():
    """Return what somebody has read: method -> fingerprint -> Odoo's version then."""
    return json.loads(RECORDED.read_text("utf-8"))


def reading_list(known, found):
    """Return what has changed since somebody read it: a line for the method, one for ours."""
    return [
        f"{watched.core}{'' if found[watched.core] else ' is gone'}\n"
        f"    {watched.ours}: {watched.check}"
        for watched in WATCHED
        if found[watched.core] not in known.get(watched.core, ())
    ]


def accept(version):
    """Record every method as it is now. What was read of other builds of Odoo stays valid."""
    known = recorded()
    kept = {
        core: {**known.get(core, {}), **({now: version} if now else {})}
        for core, now in present().items()
    }
    RECORDED.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")

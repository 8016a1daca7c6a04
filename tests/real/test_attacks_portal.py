"""Attacks by customers, by employees without accounting and by nobody: what is read, and files."""

import contextlib
import json

import pytest
from attack_world import rows, served
from servers import OdooError

#: What a customer may know of a document of its own, and whoever has the link to it.
ALLOWED = {
    "smart_state", "smart_control_number", "smart_internal_number", "smart_document_type",
    "smart_issued_at", "smart_legal_footer", "smart_document_url", "smart_document_file",
    "smart_document_filename", "smart_is_debit_note", "smart_legal_name", "smart_number",
    "smart_origin_words",
}  # fmt: skip

#: What stands in the documents for the staff alone.
INTERNAL = "Asunto interno"

ENGINE = (
    "smart.document", "smart.exchange", "smart.email", "smart.numbering", "smart.lane",
    "smart.chain", "smart.chain.link", "smart.witness", "smart.book",
    "smart.annul.wizard", "smart.resolve.wizard", "smart.email.wizard",
    "smart.email.wizard.line", "smart.annul.wizard.line", "smart.preflight",
    "smart.preflight.line", "smart.igtf", "smart.pad", "smart.sheet", "smart.sheet.annul",
    "smart.sheet.explain", "smart.contingency",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("portal")) as world:
        # As after an annulment that failed, and an earlier attempt that did.
        world.sql(
            f"UPDATE smart_document SET annulment_error = '{INTERNAL} 1',"
            f" annulment_reason = '{INTERNAL} 2', annulment_state = 'refused',"
            f" last_error = '{INTERNAL} 3', annulment_user_id = {world['manager'].id},"
            " annulment_requested_at = now(), sent_at = now(), annulled_at = now(),"
            f" related_document_id = {world.mine.documents['other']}"
            f" WHERE id = {world.mine.documents['issued']}"
        )
        world.sql(
            f"UPDATE account_move SET smart_note_reason = '{INTERNAL} 4', smart_igtf_base = 3,"
            f" smart_note_origin_id = {world.mine.other}, smart_former_number = '00-00000077'"
            f" WHERE id = {world.mine.issued}"
        )
        world.sql(
            f"UPDATE res_company SET smart_walk_in_address = '{INTERNAL} 5',"
            f" smart_walk_in_phone = '{INTERNAL} 6', smart_branch_code = '{INTERNAL} 7',"
            f" smart_walk_in_email = '{INTERNAL} 8', smart_branch_address = '{INTERNAL} 9',"
            f" smart_responsible_id = {world['manager'].id}, smart_send_mail = true,"
            " smart_retention_months = 12, smart_collects_igtf = true"
            f" WHERE id = {world.mine.company}"
        )
        yield world


# -- fields -------------------------------------------------------------------------------

READS = {
    "read": lambda me, model, one, name: me.call(model, "read", [one], [name]),
    "web_read": lambda me, model, one, name: me.call(model, "web_read", [one], {name: {}}),
    "search_read": lambda me, model, one, name: me.call(
        model, "search_read", [["id", "=", one]], [name]),
    "JSON-2": lambda me, model, one, name: me.json2(model, "read", ids=[one], fields=[name]),
    "export": lambda me, model, one, name: me.call(model, "export_data", [one], [name]),
    "group": lambda me, model, one, name: me.call(
        model, "formatted_read_group", [["id", "=", one]], [name], []),
    "group by day": lambda me, model, one, name: [
        {name: row.get(f"{name}:day")} for row in me.call(
            model, "formatted_read_group", [["id", "=", one]], [f"{name}:day"], [])],
    "aggregate": lambda me, model, one, name: [
        {name: row.get(f"{name}:max")} for row in me.call(
            model, "formatted_read_group", [["id", "=", one]], [], [f"{name}:max"])],
}  # fmt: skip

#: What an answer may hold although a field is not to be read: nothing, and the record's id.
EMPTY = (False, None, "", 0, 0.0, [], "False", {})


def values_of(answer, name):
    """Return what an answer tells of a field."""
    if isinstance(answer, dict):  # of an export
        return [cell for row in answer.get("datas", []) for cell in row]
    return [row.get(name) for row in answer]


def told_of(me, model, one, name, required=False):
    """Return by road what is told of a field.

    :param bool required: that it has a value is known, then
    """
    told = {}
    for road, read in READS.items():
        try:
            told[road] = [v for v in values_of(read(me, model, one, name), name) if v not in EMPTY]
        except OdooError:
            continue
    if not required:
        with contextlib.suppress(OdooError):
            told["search"] = me.call(model, "search", [["id", "=", one], [name, "!=", False]])
    return {road: values for road, values in told.items() if values}


@pytest.mark.parametrize("model", ["account.move", "res.company", "account.journal", "account.tax"])
def test_a_customer_reads_nothing_of_smart_but_what_makes_the_document_legal(world, model):
    one = {
        "account.move": world.mine.issued, "res.company": world.mine.company,
        "account.journal": world.mine.journal, "account.tax": world.mine.tax,
    }[model]  # fmt: skip
    fields = world.sql(
        f"SELECT name, required FROM ir_model_fields WHERE model = '{model}'"
        " AND name LIKE 'smart%' ORDER BY name"
    )
    fields = dict(line.split("|") for line in fields.splitlines())
    assert fields
    told = {
        name: told_of(world["portal"], model, one, name, required == "t")
        for name, required in fields.items()
    }
    leaking = {name: roads for name, roads in told.items() if roads and name not in ALLOWED}
    if leaking:
        lines = (f"{name}: {next(iter(roads.items()))}" for name, roads in leaking.items())
        pytest.fail("\n".join(lines), pytrace=False)
    if model == "account.move":
        assert told["smart_control_number"]["read"] == ["00-00000001"]
        assert {name for name, roads in told.items() if roads} == ALLOWED


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_customer_reads_nothing_of_the_documents_of_others(world, name):
    for move in (world.mine.other, world.theirs.issued):
        assert told_of(world["portal"], "account.move", move, name) == {}


def test_a_customer_is_not_told_which_fields_there_are(world):
    known = set()
    for model in ("account.move", "res.company", "res.partner"):
        known.update(world["portal"].call(model, "fields_get", []))
    assert sorted(name for name in known - ALLOWED if name.startswith("smart_")) == []


@pytest.mark.parametrize("model", ENGINE)
@pytest.mark.parametrize("who", ["portal", "employee", "public"])
def test_the_engines_models_are_none_of_a_customers_or_an_employees_business(world, who, model):
    for method, *arguments in (
        ("search_read", []),
        ("read", [1]),
        ("web_search_read", [], {"display_name": {}}),
        ("search_count", []),
        ("name_search", ""),
        ("formatted_read_group", [], [], ["__count"]),
        ("export_data", [1], ["id"]),
        ("web_read", [1], {"display_name": {}}),
        ("read_progress_bar", [], "id", {"field": "id", "colors": {}}),
        ("create", [{}]),
    ):
        with pytest.raises(OdooError):
            world[who].call(model, method, *arguments)


# -- files and pages ------------------------------------------------------------------------


def get(path):
    """Return an attack that opens a page; ``{…}`` are ids of the first company."""
    return lambda w, me: me.get(path.format(**place(w)))


def place(world):
    of = world.mine
    return {
        "document": of.documents["other"], "move": of.other, "file": of.file,
        "first": of.documents["issued"], "exchange": of.exchange, "numbering": of.numbering,
        "book": book_of(world), "witness": of.witness, "evidence": of.evidence,
    }  # fmt: skip


def book_of(world):
    """Return a book that the manager has made."""
    if not hasattr(world, "book"):
        [made] = world["manager"].call("smart.book", "web_save", [], {}, {})
        world.book = made["id"]
    return world.book


def export(model, fields, ids):
    def attack(world, me):
        data = {
            "model": model, "fields": [{"name": name, "label": name} for name in fields],
            "ids": ids(world), "domain": [], "import_compat": False, "groupby": [],
        }  # fmt: skip
        page = "/my" if me.name == "portal" else "/odoo"
        return me.form("/web/export/csv", {"data": json.dumps(data)}, page) + me.form(
            "/web/export/xlsx", {"data": json.dumps(data)}, page
        )

    return attack


NOT_OF_THE_COMPANY = "stranger, portal, public, employee"

PAGES = {
    "file of a document": (NOT_OF_THE_COMPANY, get(
        "/web/content/smart.document/{first}/document_file")),
    "file by its attachment": (NOT_OF_THE_COMPANY, get("/web/content/{file}")),
    "file by its attachment, downloaded": (NOT_OF_THE_COMPANY, get(
        "/web/content/{file}?download=1&access_token=x")),
    "file by parameters": (NOT_OF_THE_COMPANY, get(
        "/web/content?model=smart.document&id={first}&field=document_file")),
    "file as an image": (NOT_OF_THE_COMPANY, get(
        "/web/image/smart.document/{first}/document_file")),
    "file of the evidence": (NOT_OF_THE_COMPANY, get("/web/content/smart.witness/{witness}/file")),
    "file of the evidence by its attachment": (NOT_OF_THE_COMPANY, get("/web/content/{evidence}")),
    "thumbnail of the file": (NOT_OF_THE_COMPANY, get("/web/image/{file}?field=thumbnail")),
    "file through another's invoice": (NOT_OF_THE_COMPANY, get(
        "/web/content/account.move/{move}/smart_document_file")),
    "text of the log": (NOT_OF_THE_COMPANY, get(
        "/web/content/smart.exchange/{exchange}/answer_body")),
    "request of the document": (NOT_OF_THE_COMPANY, get(
        "/web/content/smart.document/{document}/request_body")),
    "print": (NOT_OF_THE_COMPANY, get("/report/html/account.report_invoice/{move}")),
    "print with payments": (NOT_OF_THE_COMPANY, get(
        "/report/html/account.report_invoice_with_payments/{move}")),
    "print as PDF": (NOT_OF_THE_COMPANY, get("/report/pdf/account.report_invoice/{move}")),
    "print as text": (NOT_OF_THE_COMPANY, get("/report/text/account.report_invoice/{move}")),
    "page of the portal": (NOT_OF_THE_COMPANY, get("/my/invoices/{move}")),
    "page with a guessed link": (NOT_OF_THE_COMPANY, get("/my/invoices/{move}?access_token=x")),
    "page with an empty link": (NOT_OF_THE_COMPANY, get("/my/invoices/{move}?access_token=")),
    "print of the portal": (NOT_OF_THE_COMPANY, get("/my/invoices/{move}?report_type=html")),
    "file of the portal": (NOT_OF_THE_COMPANY, get(
        "/my/invoices/{move}?report_type=pdf&download=1")),
    "files of the invoice": (NOT_OF_THE_COMPANY, get(
        "/account/download_invoice_documents/{move}/all")),
    "PDF of the invoice": (NOT_OF_THE_COMPANY, get(
        "/account/download_invoice_documents/{move}/pdf")),
    "attachments of the invoice": (NOT_OF_THE_COMPANY, get(
        "/account/download_move_attachments/{move}")),
    "the file as if it were the invoice's": (NOT_OF_THE_COMPANY, get(
        "/account/download_invoice_attachments/{file}")),
    "somebody's book": ("stranger, portal, public, employee, auditor, cashier", get(
        "/l10n_ve_edi_smart/book/{book}.xlsx")),
    "somebody's book on screen": ("stranger, portal, public, employee, auditor, cashier", get(
        "/report/html/l10n_ve_edi_smart.report_smart_book/{book}")),
    "somebody's book as PDF": ("stranger, portal, public, employee", get(
        "/report/pdf/l10n_ve_edi_smart.report_smart_book/{book}")),
    "a list as JSON": (NOT_OF_THE_COMPANY, get("/json/1/smart.document?limit=80")),
    "a record of the web client": (NOT_OF_THE_COMPANY, get("/odoo/smart.document/{document}")),
    "export of documents": (NOT_OF_THE_COMPANY, export(
        "smart.document", ["control_number", "customer_name", "request_body"],
        lambda w: [w.mine.documents["other"]])),
    "export of exchanges": (NOT_OF_THE_COMPANY, export(
        "smart.exchange", ["answer_body", "request_body"], lambda w: [w.mine.exchange])),
    "export of evidence": (NOT_OF_THE_COMPANY, export(
        "smart.witness", ["control_number", "url", "file"], lambda w: [w.mine.witness])),
    "export through invoices": (NOT_OF_THE_COMPANY, export(
        "account.move", ["smart_control_number", "partner_id/name"], lambda w: [w.mine.other])),
    "export of the whole company": ("stranger, portal, employee", export(
        "res.company", ["smart_base_url", "smart_token", "smart_walk_in_email"],
        lambda w: [w.mine.company])),
    "what was said of the numbering": (NOT_OF_THE_COMPANY, lambda w, me: str(me.server.post(
        "/mail/thread/messages", {
            "thread_model": "smart.numbering", "thread_id": w.mine.numbering}))),
    "what was said of an invoice": (NOT_OF_THE_COMPANY, lambda w, me: str(me.server.post(
        "/mail/thread/messages", {"thread_model": "account.move", "thread_id": w.mine.other}))),
    "what the portal shows of it": (NOT_OF_THE_COMPANY, lambda w, me: str(me.server.post(
        "/mail/chatter_fetch", {"thread_model": "account.move", "thread_id": w.mine.other}))),
    "messages by the ORM": (NOT_OF_THE_COMPANY, lambda w, me: me.call(
        "mail.message", "search_read", [["model", "in", ["smart.numbering", "smart.lane"]]],
        ["body", "record_name"])),
    "a server action on it": (NOT_OF_THE_COMPANY, lambda w, me: str(me.server.post(
        "/web/action/run", {"action_id": int(w.sql(
            "SELECT res_id FROM ir_model_data WHERE module = 'l10n_ve_edi_smart'"
            " AND name = 'action_smart_check'")), "context": {
                "active_model": "account.move", "active_ids": [w.mine.draft],
                "active_id": w.mine.draft}}))),
    "a file put beside the document": (NOT_OF_THE_COMPANY + ", cashier, manager, auditor",
        lambda w, me: me.form("/web/binary/upload_attachment", {
            "model": "smart.document", "id": w.mine.documents["issued"]},
            "/my" if me.name == "portal" else "/odoo",
            files={"ufile": ("document_file", b"%PDF-1.4 forged")})),
    "a file put beside the numbering": ("portal, stranger, employee, public", lambda w, me: me.form(
        "/mail/attachment/upload", {
            "thread_model": "smart.numbering", "thread_id": w.mine.numbering},
        "/my" if me.name == "portal" else "/odoo",
        files={"ufile": ("x.pdf", b"%PDF-1.4 forged")})),
    "the file deleted by its route": (NOT_OF_THE_COMPANY + ", cashier, manager, admin",
        lambda w, me: str(me.server.post("/mail/attachment/delete", {
            "attachment_id": w.mine.file}))),
    "buttons of the document": (NOT_OF_THE_COMPANY + ", reader, auditor", lambda w, me: [
        press(me, "smart.document", button, w.mine.documents["queued"])
        for button in ("action_send", "action_resolve", "action_fetch_file", "action_open_owner")]),
    "buttons of the queue": (NOT_OF_THE_COMPANY + ", reader, auditor", lambda w, me: [
        press(me, "smart.lane", "action_resume", w.mine.lane),
        press(me, "smart.numbering", "action_ask", w.mine.numbering),
        press(me, "res.config.settings", "action_smart_resume", [])]),
    "buttons of the invoice": (NOT_OF_THE_COMPANY + ", reader, auditor", lambda w, me: [
        press(me, "account.move", button, w.mine.queued)
        for button in (
            "action_smart_send", "action_smart_annul", "action_smart_annul_again",
            "action_smart_recall_annulment", "action_smart_cancel_annulled",
            "action_smart_email", "action_smart_check", "action_smart_resolve",
            "action_smart_use_origin_rate", "action_post", "button_draft", "button_cancel")]),
    "buttons of a manager": ("cashier", lambda w, me: [
        press(me, model, button, one) for model, button, one in (
            ("account.move", "action_smart_annul", w.mine.issued),
            ("account.move", "action_smart_annul_again", w.mine.issued),
            ("account.move", "action_smart_recall_annulment", w.mine.issued),
            ("account.move", "action_smart_cancel_annulled", w.mine.annulled),
            ("account.move", "action_smart_resolve", w.mine.unknown),
            ("smart.document", "action_resolve", w.mine.documents["unknown"]),
            ("smart.numbering", "action_ask", w.mine.numbering))]),
}  # fmt: skip


def press(me, model, button, one):
    """Press a button; return what it says."""
    try:
        return str(me.button(model, button, [one] if one else []))
    except OdooError as error:
        return str(error)


@pytest.mark.parametrize(("who", "attack"), rows(PAGES))
def test_no_page_file_or_button_is_a_way_in(world, who, attack):
    world.state.remember()
    answer = world.attempt(who, attack)
    world.check()
    world.check_answer(who, answer)
    assert "%PDF" not in answer
    assert INTERNAL not in answer
    assert "Vista en el tablero" not in answer


def test_whoever_has_the_link_sees_what_makes_the_document_legal_and_no_more(world):
    world.sql(f"UPDATE account_move SET access_token = 'link' WHERE id = {world.mine.issued}")
    for who in ("public", "portal"):
        page = world[who].get(f"/my/invoices/{world.mine.issued}?access_token=link")
        printed = world[who].get(
            f"/my/invoices/{world.mine.issued}?access_token=link&report_type=html"
        )
        assert "00-00000001" in page
        # Either SMART's file in a frame, or Odoo's paper.
        assert "viewer.html?file=" in printed or "00-00000001" in printed
        for text in (page, printed):
            assert INTERNAL not in text
            assert "Motivo reservado" not in text
            assert world.simulator.url + "/facturacion" not in text


def test_a_customer_gets_the_file_of_its_own_document(world):
    path = f"/web/content/account.move/{world.mine.issued}/smart_document_file"
    assert world["portal"].get(path).startswith("%PDF")


def test_without_a_login_nothing_is_called(world):
    for path in ("/web/dataset/call_kw", "/web/dataset/call_button"):
        with pytest.raises(OdooError):
            world["public"].server.post(
                path,
                {"model": "smart.document", "method": "search_read", "args": [[]], "kwargs": {}},
            )
    for password in ("", "admin2", False):
        with pytest.raises(OdooError):
            world["public"].server.post("/jsonrpc", {
                "service": "object", "method": "execute_kw",
                "args": [world.database, 2, password, "smart.document", "search_read", [[]], {}],
            })  # fmt: skip

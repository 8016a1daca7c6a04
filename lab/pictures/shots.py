"""What is on each picture, who sees it, and which files it shows."""

from collections.abc import Callable
from dataclasses import dataclass

WIDE, NARROW = (1366, 768), (390, 844)
#: Tenths of a second.
QUIET, PATIENCE = 4, 600
ALWAYS = ("static/src/smart_badge/*",)
INVOICE = "/odoo/action-account.action_move_out_invoice_type/{}"
HEAD = "views/account_move_number_views.xml"
FORM = ("views/account_move_views.xml", HEAD, "views/account_move_annul_views.xml")
PORTAL = ("views/account_portal_templates.xml",)
TRANSFER = (
    "bridges/l10n_ve_edi_smart_stock/views/stock_picking_views.xml",
    "bridges/l10n_ve_edi_smart_stock/views/stock_picking_invoicing_views.xml",
)
SETUP = (
    "views/res_config_settings_views.xml",
    "views/account_journal_setup_views.xml",
    "wizards/smart_settings_window_views.xml",
    "static/src/smart_setup/*",
)
CARD = ("views/account_journal_dashboard_views.xml", "views/account_journal_setup_views.xml")


class Visit:
    """A page, and the records that it may show."""

    def __init__(self, page, ids):
        self.page = page
        self.ids = ids
        self._under_way = set()
        # No method of a set will do. The worker for messages is never said to have arrived.
        page.on("request", lambda one: "/bus/" in one.url or self._under_way.add(one))
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda one: self._under_way.discard(one))

    def open(self, address, *wait_for):
        """Go somewhere, and wait until all of these can be seen."""
        self.page.goto(address)
        for selector in wait_for:
            self.page.locator(selector).first.wait_for()

    def invoice(self, name, *wait_for):
        """Open an invoice by its name in the world."""
        self.open(INVOICE.format(self.ids[name]), ".o_form_view .o_field_widget", *wait_for)
        self.settle()

    def press(self, button):
        """Press a button of the form; return the window that opens."""
        self.page.locator(f"button[name={button}]:visible").first.click()
        window = self.page.locator(".modal-content")
        window.locator(".o_form_view, .o_list_view").first.wait_for()
        self.settle()
        return window

    def settle(self):
        """Wait until nothing has been on its way for a moment."""
        quiet = 0
        for _ in range(PATIENCE):
            quiet = 0 if self._under_way else quiet + 1
            if quiet == QUIET:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"still on their way: {[one.url for one in self._under_way]}")


@dataclass(frozen=True)
class Shot:
    """A picture.

    :param name: of its file
    :param show: function of a :class:`Visit`; returns the part of the page that is taken
    :param sources: patterns of the files that it shows; those of a bridge by its folder
    :param who: a login of :data:`world.PEOPLE`
    """

    name: str
    show: Callable
    sources: tuple
    who: str
    width: int
    height: int

    def files(self, root):
        """Return the files that it shows, each once."""
        found = {path for pattern in (*ALWAYS, *self.sources) for path in root.glob(pattern)}
        return sorted(path for path in found if path.is_file())


SHOTS = []


def shot(*sources, who="admin", size=WIDE):
    """Have a function show something for a picture of its name."""

    def add(function):
        name = function.__name__.replace("_", "-")
        SHOTS.append(Shot(name, function, sources, who, *size))
        return function

    return add


# -- set-up --------------------------------------------------------------------------------


@shot(*CARD, *SETUP, size=(1366, 900))
def dashboard(visit):
    visit.open("/odoo/accounting", ".o_kanban_record [name=smart]")
    visit.settle()


@shot(*CARD, size=NARROW)
def phone_dashboard(visit):
    visit.open("/odoo/accounting", ".o_kanban_record [name=smart]")
    visit.page.locator(".o_kanban_record [name=smart]").first.scroll_into_view_if_needed()
    visit.settle()


@shot(*SETUP, size=(1366, 1000))
def settings(visit):
    visit.open("/odoo/settings#account", ".settings_tab .tab[data-key=account]")
    visit.page.locator(".settings_tab .tab[data-key=account]").click()
    visit.page.locator("#smart_setup").evaluate("node => node.scrollIntoView({block: 'start'})")
    visit.settle()


@shot(*SETUP, size=(1366, 900))
def settings_window(visit):
    visit.open(
        "/odoo/action-l10n_ve_edi_smart.smart_settings_window_action", ".modal-content .o_form_view"
    )
    visit.settle()


# -- invoices ------------------------------------------------------------------------------


@shot("wizards/smart_preflight_views.xml", "static/src/smart_problems/*")
def draft_problems(visit):
    visit.invoice("draft")
    visit.press("action_smart_check")


@shot(*FORM)
def invoice_issued(visit):
    visit.invoice("issued", "[name=smart_control_number]:visible")


@shot(*FORM, size=NARROW)
def phone_invoice(visit):
    visit.invoice("issued", "[name=smart_control_number]:visible")


@shot(*FORM)
def invoice_waiting(visit):
    visit.invoice("waiting", ".alert-info:visible")


@shot(*FORM)
def invoice_refused(visit):
    visit.invoice("refused", ".alert-danger:visible")


@shot(*FORM)
def invoice_unknown(visit):
    visit.invoice("unknown", ".alert-danger:visible")


@shot("wizards/smart_resolve_views.xml")
def resolve(visit):
    visit.invoice("unknown")
    visit.press("action_smart_resolve")


@shot(HEAD)
def invoices(visit):
    visit.open("/odoo/customer-invoices", ".o_data_row [name=smart_state]")
    visit.settle()


@shot(HEAD, size=NARROW)
def phone_invoices(visit):
    visit.open("/odoo/customer-invoices", ".o_kanban_record [name=smart_state]")
    visit.settle()


@shot(*FORM)
def invoice_annulled(visit):
    visit.invoice("annulled", ".ribbon:visible")


@shot("wizards/smart_annul_views.xml", "static/src/counted_text/*")
def annul(visit):
    visit.invoice("to_annul")
    window = visit.press("button_request_cancel")
    window.locator("[name=reason] textarea").fill("Emitida al cliente equivocado")


@shot("wizards/smart_note_views.xml")
def credit_note_window(visit):
    visit.invoice("to_annul")
    window = visit.press("action_reverse")
    window.locator("[name=reason] input").fill("Devolución de dos horas")


@shot(*FORM)
def credit_note(visit):
    visit.invoice("credit_note", "[name=smart_control_number]:visible")


@shot("wizards/smart_igtf_views.xml")
def igtf(visit):
    visit.invoice("dollars")
    visit.page.locator("button:visible", has_text="IGTF").first.click()
    visit.page.locator(".modal-content .o_form_view").wait_for()
    visit.settle()


@shot("wizards/smart_email_views.xml")
def email(visit):
    visit.invoice("issued")
    visit.press("action_smart_email")


# -- what the customer gets ----------------------------------------------------------------


@shot("report/smart_paper*.xml", size=(900, 1250))
def printed(visit):
    report = "/report/html/account.report_invoice_with_payments"
    visit.open(f"{report}/{visit.ids['annulled']}", ".page")
    visit.settle()


@shot("lab/simulator/pdf.py", size=(900, 1250))
def printed_by_smart(visit):
    address = f"/report/pdf/account.report_invoice_with_payments/{visit.ids['issued']}"
    visit.open(f"/web/static/lib/pdfjs/web/viewer.html?file={address}", ".page .textLayer span")
    visit.settle()
    return visit.page.locator(".page").first


@shot(*PORTAL, who="cliente")
def portal_invoices(visit):
    visit.open("/my/invoices", "table")
    visit.settle()


@shot(*PORTAL, who="cliente", size=(1366, 900))
def portal_invoice(visit):
    visit.open(f"/my/invoices/{visit.ids['issued']}", "[name=smart_numbers]")
    visit.settle()


@shot(*PORTAL, who="cliente", size=NARROW)
def phone_portal(visit):
    visit.open("/my/invoices", "table")
    visit.settle()


# -- accounting, goods, auditor ------------------------------------------------------------


@shot("wizards/smart_book_views.xml", "report/smart_book_report.xml", size=(1366, 900))
def book(visit):
    visit.open("/odoo/action-l10n_ve_edi_smart.smart_book_action", "button[name=action_view]")
    visit.settle()
    visit.page.locator("button[name=action_view]").click()
    visit.page.frame_locator("iframe").locator("table").first.wait_for()
    visit.settle()


@shot(*TRANSFER)
def dispatch_guide(visit):
    visit.open(
        f"/odoo/action-stock.action_picking_tree_all/{visit.ids['guide']}",
        "[name=smart_control_number]:visible",
    )
    visit.settle()


@shot("views/smart_document_views.xml", "views/smart_auditor_views.xml", who="seniat")
def auditor(visit):
    visit.open("/odoo", ".o_list_view .o_data_row")
    visit.settle()


@shot("views/smart_document_views.xml", "views/smart_auditor_views.xml", who="seniat")
def auditor_document(visit):
    visit.open("/odoo", ".o_list_view .o_data_row")
    visit.page.locator(".o_data_row td[name=control_number]").last.click()
    visit.page.locator(".o_form_view [name=control_number]").first.wait_for()
    visit.settle()


@shot("views/smart_chain_views.xml")
def integrity(visit):
    visit.open("/odoo/action-l10n_ve_edi_smart.smart_chain_action", ".o_data_row")
    visit.page.locator(".o_data_row td[name=issuer_id]").first.click()
    visit.page.locator(".o_form_view").first.wait_for()
    visit.settle()

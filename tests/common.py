import functools
import os
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.tests import new_test_user
from odoo.tests.common import _super_send, get_db_name

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from ..lab.simulator.testing import SimulatorProcess

RIF = "J-41256789-6"
#: The company that the first class leaves in a database of ``./dev test``, for all others.
READY = "company_1_data"


def make_company(env, name):
    """Return a new company with Venezuela's chart of accounts, as Odoo's own tests make it."""
    country = env.ref("base.ve")
    company = (
        env["res.company"]
        .with_context(**DISABLED_MAIL_CONTEXT)
        .create({"name": name, "country_id": country.id, "currency_id": country.currency_id.id})
    )
    env["account.chart.template"].with_context(**DISABLED_MAIL_CONTEXT).try_loading(
        "ve", company=company, install_demo=False
    )
    company.currency_id = country.currency_id
    return company


def leave_ready_company():
    """Commit a company with its accounts once: loading them takes seconds for each class.

    In a database that nobody else has; elsewhere each class makes its own, and rolls it back.
    """
    if not os.environ.get("SMART_DEV_CHECKOUT"):
        return
    with Registry(get_db_name()).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        if not env["res.company"].search_count([("name", "=", READY)]):
            make_company(env, READY)


@functools.cache
def running_simulator():
    """Return the simulator of all classes of this process, with which it ends.

    It is no child of it: at the end of each class Odoo's tests kill those that are left.
    """
    return SimulatorProcess(detached=True)


class SmartCommon(AccountTestInvoicingCommon):
    """A Venezuelan company in bolívares that issues through a simulator without history."""

    @classmethod
    @AccountTestInvoicingCommon.setup_chart_template("ve")
    @AccountTestInvoicingCommon.setup_country("ve")
    def setUpClass(cls):
        leave_ready_company()
        # Without the set-up of account's own tests: for each class it makes taxes, products,
        # accounts, journals and people that nothing here looks at.
        super(AccountTestInvoicingCommon, cls).setUpClass()
        cls.company_data = cls.accounting_of(cls.env.company)
        cls.partner_a = cls.env["res.partner"].create({"name": "partner_a"})
        cls.simulator = running_simulator()
        cls.simulator.reset()
        cls.bolivar = cls.env.ref("base.VES")
        cls.usd = cls.env.ref("base.USD")
        (cls.bolivar + cls.usd).active = True
        # In the evening there it is tomorrow in UTC, by which those count who have no time zone.
        cls.env.user.tz = "America/Caracas"
        cls.company = cls.env.company
        cls.company.write({"currency_id": cls.bolivar.id, "vat": RIF})
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.usd.id,
                "company_id": cls.company.id,
                "name": "2020-01-01",
                "inverse_company_rate": 40.5647,
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Inversiones La Trinidad, C.A.",
                "is_company": True,
                "vat": "J-30984512-8",
                "l10n_latam_identification_type_id": cls.env.ref("l10n_ve_edi_smart.it_ve_rif").id,
                "street": "Calle Vargas, local 2",
                "city": "Caracas",
                "country_id": cls.env.ref("base.ve").id,
                "phone": "+58 212-2376655",
                "email": "compras@latrinidad.example.com",
            }
        )
        cls.taxes = {
            kind: cls.env["account.tax"].search(
                [
                    ("company_id", "=", cls.company.id),
                    ("type_tax_use", "=", "sale"),
                    ("smart_tax_kind", "=", kind),
                ],
                limit=1,
            )
            for kind in ("general", "reduced", "luxury", "exempt")
        }

    @classmethod
    def accounting_of(cls, company):
        """Return accounts and journals of a company, by the names that account's tests use."""
        accounts = cls.env["account.account"].with_company(company)
        gains = company.account_journal_early_pay_discount_gain_account_id
        losses = company.account_journal_early_pay_discount_loss_account_id

        def account(kind, but=gains):
            where = [*accounts._check_company_domain(company), ("account_type", "=", kind)]
            return accounts.search([*where, ("id", "!=", but.id)], limit=1)

        def journal(kind):
            where = accounts.env["account.journal"]._check_company_domain(company)
            return cls.env["account.journal"].search([*where, ("type", "=", kind)], limit=1)

        receivable = cls.env["res.partner"]._fields["property_account_receivable_id"]
        data = {
            "company": company,
            "currency": company.currency_id,
            "default_account_revenue": account("income"),
            "default_account_expense": account("expense", but=losses),
            "default_account_receivable": receivable.get_company_dependent_fallback(
                cls.env["res.partner"].with_company(company)
            ),
            "default_journal_misc": journal("general"),
            "default_journal_sale": journal("sale"),
            "default_journal_bank": journal("bank"),
            "default_journal_cash": cls.env["account.journal"].create(
                {"type": "cash", "name": "Cash", "company_id": company.id}
            ),
        }
        # Payments are booked, as in a company that has an account for what is on its way.
        ChartTemplate = cls.env["account.chart.template"]
        for way, name in (("inbound", "debit"), ("outbound", "credit")):
            lines = data["default_journal_bank"][f"{way}_payment_method_line_ids"]
            lines[:1].payment_account_id = ChartTemplate.ref(
                f"account_journal_payment_{name}_account_id", raise_if_not_found=False
            )
        return data

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS 'account', which loads a chart of accounts for each class
        ready = cls.env["res.company"].sudo().search([("name", "=", READY)], limit=1)
        if not ready or kwargs:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready.with_env(cls.env)

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # EXTENDS 'odoo.tests', whose guard does not know of separate timeouts
        if isinstance(kw.get("timeout"), tuple) and urlsplit(r.url).hostname == "127.0.0.1":
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    def setUp(self):
        super().setUp()
        self.simulator.reset()
        self.connect()
        # New cursors of the sender join the transaction of the test.
        if not type(self)._registry_patched:  # an HttpCase is in test mode already
            self.registry_enter_test_mode()

    def connect(self, **issuer):
        """Register the company at the simulator and set it up to issue there.

        :param issuer: settings of the issuer, e.g. ``enforce_numbering``
        """
        token = self.simulator.mint(RIF, **issuer)["token"]
        self.company.write(
            {
                "smart_environment": "custom",
                "smart_base_url": self.simulator.url,
                "smart_token": token,
            }
        )

    def move_service(self, **where):
        """Have the company call another address, or environment, with the token that it has."""
        self.company.write({**where, "smart_token": self.company.smart_token})

    @classmethod
    def new_user(cls, login, groups, company=None, **values):
        """Return a user of one company: by default the one that issues."""
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **{"tz": "America/Caracas", **values},
        )

    def commit(self):
        """Do what a commit does for the sender: run the hooks that wait for it."""
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()

    def issuers(self, cr):
        """Return all issuers that have a queue, as the scheduler sees them."""
        env = self.env(cr=cr, user=self.env.ref("base.user_root"))
        return env["smart.lane"].search([], order="id").issuer_id

    def run_sending_action(self, issuer=None):
        """Run an issuer's own scheduled action as its worker would; by default this company's."""
        issuer = issuer or self.company
        self.env.flush_all()
        with self.registry.cursor() as cr:
            issuer = issuer.with_env(self.env(cr=cr, user=self.env.ref("base.user_root")))
            issuer._smart_send_waiting()
        self.env.invalidate_all()

    def send_in_background(self):
        """Run the scheduled actions that send, and tell owners, as their worker would."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            issuers = self.issuers(cr)
            issuers._smart_send_waiting()
            issuers.env["smart.lane"]._cron_send()
            issuers.env["smart.document"]._tell_owners(self.registry)
        self.env.invalidate_all()

    def send_waiting(self):
        """Issue what waits, whoever runs the queue: the scheduled action, or a job."""
        self.env.flush_all()
        for lane in self.env["smart.lane"].sudo().search([("issuer_id", "=", self.company.id)]):
            lane._run_turn()
        self.env.invalidate_all()

    def do_errands(self):
        """Run the scheduled actions for printed documents and e-mails, as their worker would."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.issuers(cr)._smart_do_errands()
        self.env.invalidate_all()

    def make_invoice(self, *lines, **values):
        """Return a draft.

        :param lines: (tax kind or ``None``, price) or with the quantity as a third
        :param values: of the move, over the defaults
        """
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "currency_id": self.bolivar.id,
                "invoice_date": self.env["account.move"]._smart_today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line {number}",
                            "price_unit": price,
                            "quantity": quantity[0] if quantity else 1,
                            "tax_ids": [Command.set(self.taxes[kind].ids if kind else [])],
                        }
                    )
                    for number, (kind, price, *quantity) in enumerate(
                        lines or [("general", 100.0)], start=1
                    )
                ],
                **values,
            }
        )

    def make_refusable(self, document):
        """Have the service refuse a queued document, for what only it can know.

        That is the number of a document that it does not have.
        """
        body = document.request_body.replace('"idtipodocumento":1', '"idtipodocumento":3')
        document._engine_write(
            {"request_body": body.replace('"relacionado":""', '"relacionado":"00-00009999"')}
        )

    def backdate(self, document, **ago):
        """Have the last attempt at a document be so long ago."""
        document.sudo()._engine_write({"sent_at": document.sent_at - timedelta(**ago)})

    def confirm(self, *moves):
        """Confirm together, as the user of the first, commit, and return all as one recordset."""
        moves = moves[0].union(*moves[1:]) if moves else self.make_invoice()
        moves.action_post()
        self.commit()
        return moves

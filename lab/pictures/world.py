"""The company on the pictures: that of the demo, with one document in each state.

Its functions run with a Python that can import Odoo.
"""

import base64
import io
import sys
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "devtools"))

ADDON = "l10n_ve_edi_smart"
LANGUAGE = "es_VE"
#: Logins, each with itself as the password.
PEOPLE = {"admin": "Ana Rodríguez", "seniat": "Fiscal del SENIAT", "cliente": "María Fernández"}
#: SMART does not sell more at once, and a card says when few are left.
LOT = {"lot_from": 4101, "lot_to": 4600}


def make(database, simulator):
    """Make everything; return the addresses of what the pictures show.

    :param SimulatorProcess simulator: the service
    """
    import demo_deliveries
    import demo_documents

    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        company = env.ref(f"{ADDON}.demo_company_ve")
        env = env(context={"allowed_company_ids": company.ids, "lang": LANGUAGE})
        company = company.with_env(env)
        service = SimpleNamespace(url=simulator.url, control_url=simulator.ready["control_url"])
        demo_documents.connect(company, service)
        simulator.control("PATCH", f"/issuers/{company.vat}", LOT)
        _people(company)
        company.logo = _logo()
        env["account.move"].search([("company_id", "=", company.id)]).invoice_user_id = env.ref(
            "base.user_admin"
        )
        env["ir.config_parameter"].set_param("web.base.url", "https://elavila.example.com")
        cr.commit()
        # A step is made once that before it is issued.
        for owner in chain(demo_documents.drafts(company), demo_deliveries.steps(company)):
            if owner.state == "draft":
                owner.action_post()
            demo_documents.issue(owner)
        return _States(env, simulator, demo_documents.issue).make()


def _people(company):
    """Have people of the demo speak Spanish, and only of this company."""
    env = company.env
    company.partner_id.lang = LANGUAGE
    env["res.partner"].search([("country_id.code", "=", "VE")]).lang = LANGUAGE
    admin = env.ref("base.user_admin")
    here = {
        "lang": LANGUAGE,
        "tz": "America/Caracas",
        "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
    }
    admin.write(here | {"name": PEOPLE["admin"], "image_1920": False})
    place = company.partner_id
    admin.partner_id.write(
        {
            "email": "ana@elavila.example.com",
            "street": place.street,
            "city": place.city,
            "zip": place.zip,
            "state_id": False,
            "country_id": place.country_id.id,
            "phone": place.phone,
        }
    )
    company.smart_responsible_id = admin
    company.iap_enrich_auto_done = True  # asks nobody about itself
    group = env.ref(f"{ADDON}.group_smart_auditor")
    made = {"password": "seniat", "login": "seniat", "name": PEOPLE["seniat"]}
    env["res.users"].create(here | made | {"group_ids": [(6, 0, group.ids)]})
    customer = env.ref(f"{ADDON}.demo_customer_contact")
    made = {"password": "cliente", "login": "cliente", "partner_id": customer.id}
    env["res.users"].with_context(no_reset_password=True).create(
        here | made | {"group_ids": [(6, 0, env.ref("base.group_portal").ids)]}
    )


def _logo():
    """Return a logo: the company's letters on a disc."""
    image = Image.new("RGB", (120, 120), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, 112, 112), fill="#12507b")
    draw.text((60, 60), "EA", "white", ImageFont.load_default(48), "mm")
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue())


class _States:
    """Documents in the states that the demo does not have."""

    def __init__(self, env, simulator, issue):
        self.env = env
        self.simulator = simulator
        self.issue = issue
        self.company = env.company
        self.ids = {}

    def make(self):
        env, cr = self.env, self.env.cr
        issued = env.ref(f"{ADDON}.demo_invoice_company")
        self.keep("issued", issued)
        self.keep("credit_note", env.ref(f"{ADDON}.demo_credit_note"))
        self.keep("to_annul", env.ref(f"{ADDON}.demo_invoice_government"))
        self.paid("luxury")
        self.annulled()
        for document in env["smart.document"].search([("state", "=", "issued")]):
            document._fetch_file(env.registry, document.id)
        guide = env["stock.picking"].search([("smart_document_id.state", "=", "issued")])
        self.keep("guide", guide.filtered(lambda one: one.smart_document_type == "dispatch_guide"))
        self.company.smart_collects_igtf = True
        self.keep("dollars", self.invoice("demo_customer_trader", ("general", 60, 5.12), "USD"))
        self.keep("draft", self.with_problems())
        cr.commit()
        self.refused()
        self.unknown()
        self.waiting()
        env["smart.chain"]._cron_check()
        cr.commit()
        return self.ids

    def keep(self, name, record):
        self.ids[name] = record[:1].id

    def invoice(self, customer, line, currency="VES"):
        kind, quantity, price = line
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.env.ref(f"{ADDON}.{customer}").id,
                "currency_id": self.env.ref(f"base.{currency}").id,
                "invoice_line_ids": [
                    (0, 0, {
                        "product_id": self.env.ref(f"{ADDON}.demo_product_{kind}").id,
                        "quantity": quantity,
                        "price_unit": price,
                    })
                ],
            }
        )  # fmt: skip

    def paid(self, name):
        move = self.env.ref(f"{ADDON}.demo_invoice_{name}")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
        self.env.cr.commit()

    def annulled(self):
        move = self.invoice("demo_customer_person", ("reduced", 2, 2140.0))
        move.action_post()
        self.issue(move)
        action = move.action_smart_annul()
        wizard = self.env["smart.annul.wizard"].browse(action["res_id"])
        wizard.reason = "Emitida al cliente equivocado"
        wizard.action_annul()
        self.env.cr.commit()
        self.keep("annulled", move)

    def with_problems(self):
        """Return a draft for a customer whose data SMART would not take."""
        customer = self.env["res.partner"].create(
            {
                "name": "Ferretería El Rosal, C.A.",
                "is_company": True,
                "vat": "J-29485732-9",
                "country_id": self.env.ref("base.ve").id,
                "street": "Calle Sojo, local 4",
                "city": "Caracas",
                "email": "no tiene",
                "lang": LANGUAGE,
            }
        )
        move = self.invoice("demo_customer_company", ("general", 6, 1245.5))
        move.partner_id = customer
        return move

    def refused(self):
        """Have the service refuse one for what only it can know: that it is too large."""
        move = self.invoice("demo_customer_company", ("general", 24, 1245.5))
        move.invoice_line_ids.name = goods = "Surtido navideño"
        self.simulator.poison(goods, "too_large")
        move.action_post()
        self.issue(move)
        self.keep("refused", move)

    def unknown(self):
        """Lose one answer, between two that come; asked again, the service says it was issued."""
        self.simulator.print("*", missing=-1)
        move = self.invoice("demo_customer_company", ("service", 4, 9800.0))
        self.simulator.fault("drop_after")
        move.action_post()
        self.issue(move)
        self.keep("unknown", move)
        self.env["smart.lane"].search([])._resume()
        self.env.cr.commit()
        self.company._smart_send_waiting()
        self.env.cr.commit()
        after = self.invoice("demo_customer_trader", ("exempt", 20, 310.25))
        after.action_post()
        self.issue(after)

    def waiting(self):
        """Have one wait for a service that is down."""
        self.simulator.fault("refuse", seconds=3600)
        move = self.invoice("demo_customer_person", ("luxury", 1, 98500.0))
        move.action_post()
        self.env.cr.commit()
        self.env.cr.execute(
            "UPDATE smart_lane SET paused_until = now() AT TIME ZONE 'utc' + interval '10 minutes'"
            " WHERE paused_until IS NOT NULL"
        )
        self.env.cr.commit()
        self.keep("waiting", move)

"""The life of a document, step by step, in a process with Odoo; with our addon or without it.

Before each step its name is printed, so that who reads the output knows where it ended.
"""

import time

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools.misc import mute_logger

from lab.beside import DONE, STEP, uses

PATIENCE = 60  # seconds for a document
ANNULMENT_ENDS = ("done", "refused", "uncancelled")
UNFINISHED = (False, "queued", "sending")
MODELS = (
    "account.move", "account.journal", "account.payment", "account.tax", "product.template",
    "res.company", "res.config.settings", "res.partner", "smart.document",
)  # fmt: skip


class World:
    """A company and its customer, seen by an accountant who is an administrator."""

    def __init__(self, env):
        admin = env.ref("base.user_admin")
        self.env = env(user=admin, context={"lang": "en_US", "tz": "America/Caracas"})
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": admin.company_id.ids}
        )
        self.company = self.env.company
        self.ours = "smart.document" in self.env
        self.customer = self.env["res.partner"].search([("ref", "=", "CUSTOMER")])

    def commit(self):
        self.env.cr.commit()

    def reread(self):
        """See what others have committed."""
        self.env.cr.rollback()
        self.env.invalidate_all()

    # -- documents ---------------------------------------------------------------------------

    def draft(self):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "currency_id": self.env.ref("base.VES").id,
                "invoice_line_ids": uses.lines(self.company),
            }
        )

    def confirm(self, move):
        uses.before_confirming(move)
        move.action_post()
        assert move.state == "posted", f"{move.name} is {move.state} after confirming"

    def issue(self, move):
        """Confirm an invoice or a note, and wait until it has its number."""
        self.confirm(move)
        self.commit()
        if self.ours:
            self.settle(move)
            assert move.smart_state == "issued", self.why(move)
            assert move.smart_control_number, "issued, and without a control number"
            assert move.state == "posted", f"issued, and {move.state}"
        return move

    def why(self, move):
        said = move.smart_document_id.sudo().last_error or ""
        return f"{move.display_name} is {move.smart_state}, not issued. {said}"

    def settle(self, move, condition=lambda move: move.smart_state not in UNFINISHED):
        """Have the queue run, by whatever runs it here, until a document is through."""
        deadline = time.monotonic() + PATIENCE
        while not condition(move):
            assert time.monotonic() < deadline, f"after {PATIENCE} s: {self.why(move)}"
            self.run_queue()
            self.reread()
            time.sleep(0.1)

    def run_queue(self):
        root = self.env(user=1)
        if "queue.job" in root:
            self.run_jobs(root)
        root["smart.lane"].search([]).issuer_id._smart_send_waiting()
        self.commit()

    def run_jobs(self, root):
        from odoo.addons.queue_job.job import Job

        waiting = [("state", "=", "pending"), ("model_name", "=", "smart.lane")]
        for record in root["queue.job"].search(waiting, order="id"):
            job = Job.load(root, record.uuid)
            job.set_started()
            job.store()
            self.commit()
            job.perform()
            job.set_done()
            job.store()
            self.commit()

    def refused(self, write):
        """Tell whether a change is refused with a sentence."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                write()
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()
            return True
        return False


# -- steps -----------------------------------------------------------------------------------


def views(world):
    """The screens open: every view is put together and checked."""
    for name in MODELS:
        if name in world.env:
            world.env[name].get_views([(False, "form"), (False, "list"), (False, "search")])


def set_up(world):
    uses.set_up(world.company)
    world.commit()


def confirm(world):
    world.invoice = world.issue(world.draft())


def lock(world):
    """An issued document stays as it is."""
    if world.ours:
        for values in ({"invoice_date": "2020-01-01"}, {"partner_id": world.company.partner_id.id}):
            assert world.refused(lambda values=values: world.invoice.write(values)), (
                f"an issued document takes {values}"
            )
        line = world.invoice.invoice_line_ids[:1]
        assert world.refused(lambda: line.write({"price_unit": 1.0})), "its line takes a price"
        assert world.refused(world.invoice.button_draft), "it was reset to draft"


def pay(world):
    wizard = world.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=world.invoice.ids
    )
    total = world.invoice.amount_total
    values = {"amount": total / 4, "payment_date": world.invoice.date}
    wizard.create(values).action_create_payments()
    world.commit()
    world.invoice.invalidate_recordset()
    assert world.invoice.amount_residual < total, "a payment settles nothing"


def credit_note(world):
    wizard = world.env["account.move.reversal"].with_context(
        active_model="account.move", active_ids=world.invoice.ids
    )
    values = {"reason": "Devolución", "journal_id": world.invoice.journal_id.id}
    action = wizard.create(values).reverse_moves()
    note = world.env["account.move"].browse(action["res_id"])
    note.invoice_line_ids[1:].unlink()
    world.issue(note)


def debit_note(world):
    wizard = world.env["account.debit.note"].with_context(
        active_model="account.move", active_ids=world.invoice.ids
    )
    action = wizard.create({"reason": "Intereses", "copy_lines": True}).create_debit()
    world.issue(world.env["account.move"].browse(action["res_id"]))


def refuse(world):
    """SMART says no: the document is a draft again, is mended, and issued."""
    world.mended = world.draft()
    if world.ours:
        world.confirm(world.mended)
        document = world.mended.smart_document_id.sudo()
        body = document.request_body.replace('"idtipodocumento":1', '"idtipodocumento":3')
        body = body.replace('"relacionado":""', '"relacionado":"00-00009999"')
        document._engine_write({"request_body": body})
        world.commit()
        world.settle(world.mended)
        assert world.mended.smart_state == "refused", f"it is {world.mended.smart_state}"
    else:
        world.issue(world.mended)


def reset(world):
    """It can be mended."""
    world.mended.button_draft()
    assert world.mended.state == "draft", f"it is {world.mended.state}"
    line = world.mended.invoice_line_ids[1]
    world.mended.write({"invoice_line_ids": [Command.update(line.id, {"price_unit": 60})]})
    world.commit()
    world.issue(world.mended)


def annul(world):
    move = world.mended
    if world.ours:
        wizard = world.env["smart.annul.wizard"].browse(move.action_smart_annul()["res_id"])
        wizard.reason = "Error de precio"
        wizard.action_annul()
        world.commit()
        world.settle(move, lambda move: move.smart_annulment_state in ANNULMENT_ENDS)
        said = move.smart_document_id.sudo().annulment_error or ""
        assert move.smart_annulment_state == "done", f"it is {move.smart_annulment_state}. {said}"
    else:
        move.button_draft()
        move.button_cancel()
        world.commit()
    assert move.state == "cancel", f"it is {move.state}"


def copy(world):
    """A copy is a draft of its own."""
    other = world.invoice.copy()
    assert not world.ours or not other.smart_document_id, "a copy has the number of its original"
    other.unlink()
    world.commit()


LIFE = (views, set_up, confirm, lock, pay, credit_note, debit_note, refuse, reset, annul, copy)


def after(world):
    """The other side is gone: the next invoice."""
    world.issue(world.draft())


def run(env, *steps):
    """Go through steps; an exception ends it."""
    world = World(env)
    for step in steps:
        print(STEP + step.__name__.replace("_", " "), flush=True)
        step(world)
        world.commit()


def uninstalled(env, names):
    """Uninstall addons; return an environment of what is left."""
    print(f"{STEP}uninstall {', '.join(names)}", flush=True)
    database = env.cr.dbname
    modules = env["ir.module.module"].search([("name", "in", names)])
    modules.button_immediate_uninstall()
    env.cr.close()
    cursor = Registry(database).cursor()
    return Environment(cursor, SUPERUSER_ID, {"lang": "en_US"})


def live(env, gone):
    """Go through the life of documents, uninstall addons, and confirm once more.

    :param list gone: the addons to uninstall
    """
    run(env, *LIFE)
    env = uninstalled(env, gone)
    run(env, after)
    env.cr.close()
    print(DONE, flush=True)

"""What the scripts of an upgrade make of what the version before has left."""

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestUpgrade(SmartCommon):
    def upgrade(self, name):
        """Run a script of the upgrade from 19.0.1.0.0."""
        self.env.flush_all()
        script = file_path(f"l10n_ve_edi_smart/migrations/19.0.1.1.0/{name}.py")
        load_script(script, name).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_the_upgrade_names_the_states_of_e_mails_anew(self):
        documents = self.confirm().smart_document_id
        renamed = {
            "queued": "to_mail",
            "sending": "mailing",
            "sent": "mailed",
            "unknown": "perhaps_mailed",
            "refused": "not_mailed",
            "not_sent": "not_mailed",
        }
        emails = self.env["smart.email"]
        for before in renamed:
            email = emails._ask({documents: ["a@example.com"]})
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE smart_email SET state = %s WHERE id = %s", [before, email.id]
            )
            emails += email
        self.upgrade("pre-name_email_states")
        emails.invalidate_recordset()
        self.assertEqual(emails.mapped("state"), list(renamed.values()))

    def test_the_upgrade_files_each_document_by_its_queue(self):
        documents = (self.confirm() + self.confirm()).smart_document_id.sudo()
        documents[1]._engine_write({"environment": "test"})
        lane = documents[0].lane_id
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE smart_document ALTER lane_id DROP NOT NULL")
        self.env.cr.execute("UPDATE smart_document SET lane_id = NULL")
        self.upgrade("pre-file_documents_by_lane")
        self.assertEqual(documents[0].lane_id, lane)
        made = documents[1].lane_id
        self.assertEqual((made.issuer_id, made.environment), (lane.issuer_id, "test"))
        self.upgrade("pre-file_documents_by_lane")
        self.assertEqual(documents.lane_id, lane + made, "once more changes nothing")

from odoo.addons.queue_job.job import ENQUEUED, PENDING


def uninstall_hook(env):
    """Take back the jobs that nobody could run any more; the scheduled action does their work."""
    lanes = env["smart.lane"].search([])
    lanes._jobs([PENDING, ENQUEUED]).button_cancelled()
    lanes.issuer_id._smart_trigger("smart_sending_action_id")

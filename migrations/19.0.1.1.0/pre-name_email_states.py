"""States of e-mails have names of their own, apart from those of documents."""


def migrate(cr, version):
    """Rename them; what SMART refused and what it was never asked for are both not sent."""
    cr.execute(
        "UPDATE smart_email SET state = CASE state WHEN 'queued' THEN 'to_mail'"
        " WHEN 'sending' THEN 'mailing' WHEN 'sent' THEN 'mailed'"
        " WHEN 'unknown' THEN 'perhaps_mailed' ELSE 'not_mailed' END"
    )

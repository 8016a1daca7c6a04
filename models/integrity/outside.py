"""Records that say more than the links of the chain: they were not written by Odoo."""

from odoo.tools import SQL

from ..base.said import telling

#: At most this many of a kind are named.
MOST = 5

#: A link that the walk has checked, or that still waits to be sealed.
IN_PLACE = "(link.position > 0 OR link.position IS NULL AND link.rejected_at IS NULL)"
HERE = f"link.issuer_id = fact.issuer_id AND link.environment = fact.environment AND {IN_PLACE}"

LINKED = f"""
    EXISTS (SELECT FROM smart_chain_link AS link
             WHERE link.document_id = fact.id AND link.kind = '%s' AND {HERE})
"""
LINKED_ISSUE, LINKED_ANNULMENT, LINKED_REQUEST, LINKED_FILE = (
    LINKED % kind for kind in ("issue", "annulment", "annulment_request", "file")
)

EXCHANGES = f"""
    SELECT fact.id
      FROM smart_exchange AS fact
     WHERE fact.issuer_id = %(issuer)s
       AND fact.environment = %(environment)s
       AND NOT EXISTS (SELECT FROM smart_chain_link AS link
                        WHERE link.exchange_id = fact.id AND {HERE})
"""  # noqa: S608 - of this file alone

DOCUMENTS = """
    SELECT fact.id
      FROM smart_document AS fact
     WHERE fact.issuer_id = %(issuer)s
       AND fact.environment = %(environment)s
       AND
"""

#: Documents with anything that only an issue gives, and without a link of their issue.
ISSUED = f"""{DOCUMENTS} (
           fact.state IN ('issued', 'annulled') OR fact.control_number IS NOT NULL
           OR fact.issued_at IS NOT NULL OR fact.issue_date IS NOT NULL
           OR fact.legal_footer IS NOT NULL OR fact.document_url IS NOT NULL
           OR fact.conflicting_number IS NOT NULL)
       AND NOT {LINKED_ISSUE}
"""

ANNULLED = f"""{DOCUMENTS} (fact.state = 'annulled' OR fact.annulled_at IS NOT NULL)
       AND NOT {LINKED_ANNULMENT}
"""

BY_VERSION_1 = f"""
    EXISTS (SELECT FROM smart_chain_link AS link
             WHERE link.document_id = fact.id AND link.kind = 'issue' AND {HERE}
               AND link.content LIKE '%%,"v":1}}')
"""

#: Before version 2 no link told of a request to annul, or of a resolution itself.
REQUESTED = f"""{DOCUMENTS} (
           fact.annulment_state IS NOT NULL OR fact.annulment_reason IS NOT NULL
           OR fact.annulment_user_id IS NOT NULL OR fact.annulment_requested_at IS NOT NULL)
       AND NOT (fact.annulment_requested_at IS NOT NULL
                AND fact.annulment_requested_at < %(since)s AND {BY_VERSION_1})
       AND NOT {LINKED_REQUEST}
"""

RESOLVED = f"""{DOCUMENTS} (
           fact.resolved_by IS NOT NULL OR fact.resolved_at IS NOT NULL
           OR fact.resolution IS NOT NULL)
       AND NOT (fact.resolved_at IS NOT NULL AND fact.resolved_at < %(since)s
                AND EXISTS (
                    SELECT FROM smart_exchange AS exchange
                      JOIN smart_chain_link AS link ON link.exchange_id = exchange.id
                     WHERE exchange.document_id = fact.id AND exchange.operation = 'resolve'
                       AND {IN_PLACE} AND link.content LIKE '%%,"v":1}}'))
       AND NOT EXISTS (
           SELECT FROM smart_chain_link AS link  -- perhaps of an environment that it was in before
            WHERE link.document_id = fact.id AND link.kind = 'resolution' AND {IN_PLACE})
"""  # noqa: S608 - of this file alone

#: If version 1 issued the document, it may have fetched the file, too; then there is no link.
FILES = f"""{DOCUMENTS} EXISTS (
           SELECT FROM ir_attachment AS file
            WHERE file.res_model = 'smart.document' AND file.res_field = 'document_file'
              AND file.res_id = fact.id)
       AND NOT {LINKED_FILE}
       AND %(by_version_1)s = {BY_VERSION_1}
"""

#: Both ways: what an owner shows is its own document, of several that it has had the newest.
SHOWN = """
    SELECT owner.id
      FROM %(table)s AS owner
      JOIN smart_document AS fact ON fact.id = owner.smart_document_id
     WHERE fact.issuer_id = %(issuer)s
       AND fact.environment = %(environment)s
       AND (fact.%(field)s IS DISTINCT FROM owner.id
            OR EXISTS (SELECT FROM smart_document AS newer
                        WHERE newer.%(field)s = owner.id AND newer.id > fact.id))
 UNION ALL
    SELECT owner.id
      FROM smart_document AS fact
      JOIN %(table)s AS owner ON owner.id = fact.%(field)s
     WHERE fact.issuer_id = %(issuer)s
       AND fact.environment = %(environment)s
       AND owner.smart_document_id IS DISTINCT FROM fact.id
       AND NOT EXISTS (SELECT FROM smart_document AS newer
                        WHERE newer.%(field)s = owner.id AND newer.id > fact.id)
"""


def found_outside(chain, since, uncovered):
    """Yield in words what was not written by Odoo.

    :param chain: ``smart.chain``
    :param since: when its first link of version 2 was written; ``None`` if it has none
    :param uncovered: counters of what nobody can tell, by reason
    """
    env = chain.env
    values = {
        "issuer": chain.issuer_id.id,
        "environment": chain.environment,
        "since": since,
        "by_version_1": False,
    }

    def ids(query, **more):
        query = SQL("SELECT DISTINCT id FROM (%s) AS found ORDER BY id LIMIT %s",
                    SQL(query, **values | more), MOST)  # fmt: skip
        return [row[0] for row in env.execute_query(query)]

    def documents(query):
        return env["smart.document"].browse(ids(query))

    for exchange_id in ids(EXCHANGES):
        yield telling(env)._(
            "Exchange № %s has no link: it was added from outside of Odoo.", exchange_id
        )
    for document in documents(ISSUED):
        yield telling(env)._(
            "%(name)s (fiscal document № %(id)s) has no link: it was issued from outside of Odoo.",
            name=document.display_name,
            id=document.id,
        )
    for document in documents(ANNULLED):
        yield telling(env)._(
            "%s has no link: it was annulled from outside of Odoo.", document.display_name
        )
    for field, model in env["smart.document"]._owner_fields().items():
        table = SQL.identifier(env[model]._table)
        for owner in env[model].browse(ids(SHOWN, table=table, field=SQL.identifier(field))):
            yield telling(env)._(
                "%s shows the fiscal document of another record.", owner.display_name
            )
    if since:
        for document in documents(REQUESTED):
            yield telling(env)._(
                "%s has no link: its annulment was requested from outside of Odoo.",
                document.display_name,
            )
        for document in documents(RESOLVED):
            yield telling(env)._(
                "%s has no link: it was resolved from outside of Odoo.", document.display_name
            )
    for document in documents(FILES):
        yield telling(env)._(
            "%s has no link: its printed document was put there from outside of Odoo.",
            document.display_name,
        )
    [[uncovered["file"]]] = env.execute_query(
        SQL("SELECT count(*) FROM (%s) AS found", SQL(FILES, **values | {"by_version_1": True}))
    )

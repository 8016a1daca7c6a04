"""What is kept of issued documents when the addon is uninstalled, readable without it."""

import base64
import csv
import io
import json
import zipfile

from markupsafe import Markup

from odoo import fields
from odoo.tools import format_datetime, split_every

from .models.base.labels import labels

#: Documents read, and told, at a time.
BATCH = 500

#: Fields that are not in the tables: the files are kept as they are.
LEFT_OUT = frozenset({"document_file"})


def archive(env):
    """Copy all fiscal data to records that stay when the addon is gone.

    Each company gets a ZIP with its documents and the whole log of exchanges, as CSV and JSON;
    each invoice a note with control number, moment and legal footer, and the PDF of SMART.
    """
    documents = env["smart.document"].sudo().with_context(active_test=False)  # sudo: all companies
    for company in documents.search([]).company_id:
        mine = documents.search([("company_id", "=", company.id)], order="id")
        exchanges = (
            env["smart.exchange"]
            .sudo()
            .search(  # sudo: all companies
                [("company_id", "=", company.id)], order="id"
            )
        )
        # sudo: all companies
        evidence = env["smart.witness"].sudo().search([("company_id", "=", company.id)], order="id")
        kept = {"documents": mine, "exchanges": exchanges, "evidence": evidence}
        _keep_archive(env, company, kept)
        for batch in split_every(BATCH, mine.ids, documents.browse):
            _tell_owners(batch)
            batch.invalidate_recordset()
        _keep_files(mine)


def _keep_archive(env, company, tables):
    """Keep all rows as a file that the company's accountants find, and nobody else can read.

    Everyone who can read a company can read its files, so the file is put on one of its sale
    journals. If there is none, only administrators can read it.
    """
    # sudo: of each company, archived ones too
    journals = env["account.journal"].sudo().with_context(active_test=False)
    journal = journals.search([("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, records in tables.items():
            rows = list(_rows(records))
            archive_file.writestr(f"{name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
            archive_file.writestr(f"{name}.csv", _csv(rows))
    env["ir.attachment"].create(
        {
            "name": f"SMART {company.name} {fields.Date.today()}.zip",
            "res_model": journal._name if journal else False,
            "res_id": journal.id,
            "datas": base64.b64encode(content.getvalue()),
            "mimetype": "application/zip",
            "description": env._("Fiscal documents and exchanges with SMART, before uninstalling."),
        }
    )


def _rows(records):
    """Yield every stored field of each record, as JSON can carry it."""
    names = [
        name
        for name, field in records._fields.items()
        if (field.store and field.column_type) and name not in LEFT_OUT
    ]
    for batch in split_every(BATCH, records.ids, records.browse):
        for record in batch:
            yield {name: _plain(record[name]) for name in names}
        batch.invalidate_recordset()


def _plain(value):
    if hasattr(value, "_name"):
        return [value.id, value.display_name] if value else None
    if value is None or isinstance(value, bool | int | float | str):
        return value or (None if value is False else value)
    return str(value)


def _csv(rows):
    output = io.StringIO()
    if rows:
        writer = csv.DictWriter(output, rows[0])
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {
                    name: " ".join(map(str, value)) if isinstance(value, list) else value
                    for name, value in row.items()
                }
            )
    return "\ufeff" + output.getvalue()  # spreadsheets recognise UTF-8 by it


def _tell_owners(documents):
    """Write beside each invoice, or whatever else it was, what was issued."""
    for document in documents:
        env = document.with_context(lang=document.company_id.partner_id.lang).env
        lines = {
            env._("Status at SMART"): labels(document.with_env(env), "state")[document.state],
            env._("Control Number"): document.control_number,
            env._("Internal Number"): document.internal_number,
            env._("Issued at"): document.issued_at
            and format_datetime(env, document.issued_at, tz="America/Caracas"),
            env._("Refers to"): document.related_document_id.control_number,
            env._("Environment"): document.environment,
            env._("Document at SMART"): document.document_url,
            env._("Legal Footer"): document.legal_footer,
        }
        body = Markup("<br/>").join(
            Markup("<b>%s</b>: %s") % (label, value) for label, value in lines.items() if value
        )
        document._owner()._smart_note(body)


def _keep_files(documents):
    """Hand the printed documents over to the owners."""
    for attachment in documents._file_attachment():
        document = documents.browse(attachment.res_id)
        if owner := document._owner():
            attachment.write(
                {
                    "name": document.document_filename,
                    "res_model": owner._name,
                    "res_id": owner.id,
                    "res_field": False,
                }
            )

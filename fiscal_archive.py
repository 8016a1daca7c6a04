"""What is kept of issued documents when the addon is uninstalled, readable without it."""

import base64
import csv
import io
import json
import zipfile

from markupsafe import Markup

from odoo import SUPERUSER_ID, fields
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
    sheets = env["smart.sheet"].sudo()  # sudo: all companies
    for company in documents.search([]).company_id | sheets.search([]).company_id:
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
        paper = sheets.search([("company_id", "=", company.id)], order="id")
        kept = {"documents": mine, "exchanges": exchanges, "evidence": evidence, "paper": paper}
        _keep_archive(env, company, kept)
        for batch in split_every(BATCH, mine.ids, documents.browse):
            _tell_owners(batch)
            batch.invalidate_recordset()
        _keep_files(mine)


def leave(env, model, names):
    """Copy to the owners of a model what was issued for them: their addon alone is uninstalled.

    Their documents and the whole log stay in the tables. Whose they are is kept as a file that
    :func:`take_up` reads, for the addon may come back.

    :param str model: of the owners
    :param names: fields of the addon's that the documents rest on
    """
    # sudo: all companies
    addon = env["ir.module.module"].sudo().search([("name", "=", __package__.rpartition(".")[2])])
    if addon.state == "to remove":
        return  # the archive has it all
    documents, field = _documents_of(env, model)
    for batch in split_every(BATCH, documents.ids, documents.browse):
        _tell_owners(batch)
        for attachment in batch._file_attachment():
            attachment.copy(_as_file_of(batch.browse(attachment.res_id)))
        batch.invalidate_recordset()
    kept = {
        "documents": {document.id: document[field].id for document in documents},
        "owners": {owner.id: {name: owner[name] for name in names} for owner in documents[field]},
    }
    env["ir.attachment"].create(
        {
            "name": _file_of_owners(model),
            "raw": json.dumps(kept).encode(),
            "mimetype": "application/json",
            "description": env._("Whose fiscal documents they are, before uninstalling."),
        }
    )


def take_up(env, model):
    """Give the owners of a model back what :func:`leave` has left without them."""
    # sudo: of nobody's record; a file of that name by anybody else is none of ours
    files = env["ir.attachment"].sudo().search(
        [
            ("name", "=", _file_of_owners(model)),
            ("res_model", "=", False),
            ("create_uid", "=", SUPERUSER_ID),
        ],
        order="id",
    )  # fmt: skip
    documents, field = _documents_of(env, model)
    for file in files:
        kept = json.loads(file.raw)
        whose = {int(document): owner for document, owner in kept["documents"].items()}
        owners = env[model].browse(map(int, kept["owners"])).exists()
        # Before they are locked again.
        for owner in owners:
            owner.write(kept["owners"][str(owner.id)])
        for document in documents.browse(whose).exists():
            if not document._owner() and whose[document.id] in owners.ids:
                document._engine_write({field: whose[document.id]})
    files.unlink()


def _documents_of(env, model):
    """Return the documents of a model of owners, and the field that points to these."""
    # sudo: all companies
    documents = env["smart.document"].sudo()
    field = next(name for name, owner in documents._owner_fields().items() if owner == model)
    return documents.search([(field, "!=", False)], order="id"), field


def _file_of_owners(model):
    return f"SMART: {model} of fiscal documents.json"


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
    if value is None or isinstance(value, bool | int | float | str | dict):
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
        if document._owner():
            attachment.write(_as_file_of(document))


def _as_file_of(document):
    """Return the values with which a printed document is a file of the owner's."""
    owner = document._owner()
    return {
        "name": document.document_filename,
        "res_model": owner._name,
        "res_id": owner.id,
        "res_field": False,
    }

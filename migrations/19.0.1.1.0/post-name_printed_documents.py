"""Printed documents had the name of their field, and Odoo's prints from before the issue stayed."""


def migrate(cr, version):
    """Name the files; have the first run drop the prints, and keep the ones that are current."""
    cr.execute(
        """
        UPDATE ir_attachment AS file
           SET name = CASE document.document_type
                      WHEN 'invoice' THEN 'FAC-'
                      WHEN 'debit_note' THEN 'ND-'
                      ELSE 'NC-' END || document.internal_number || '.pdf'
          FROM smart_document AS document
         WHERE file.res_model = 'smart.document'
           AND file.res_field = 'document_file'
           AND file.res_id = document.id
           AND document.document_type IN ('invoice', 'debit_note', 'credit_note')
           AND document.internal_number IS NOT NULL
        """
    )
    cr.execute(
        """
        UPDATE smart_document AS document
           SET owner_step = 'legal'
          FROM ir_attachment AS print
         WHERE document.state = 'issued'
           AND print.res_model = 'account.move'
           AND print.res_field = 'invoice_pdf_report_file'
           AND print.res_id = document.move_id
        """
    )

from . import smart_document_tax_report

"""Words that several files here speak."""

#: Types of documents that goods on the road carry; see ``terms.DOCUMENT_TYPES`` of the addon.
DELIVERY_TYPES = [
    ("dispatch_guide", "Dispatch Guide (guía de despacho)"),
    ("delivery_note", "Delivery Note (nota de entrega)"),
]

#: Why goods are moved, as it has to stand on their document.
SALE = "sale"
TRANSFER = "transfer"
RETURN = "return"
EXPORT = "export"
OTHER = "other"
REASONS = [
    (SALE, "Sale"),
    (TRANSFER, "Transfer between warehouses"),
    ("consignment", "Consignment"),
    ("repair", "Repair"),
    (EXPORT, "Export"),
    ("donation", "Donation"),
    ("own_use", "Own use"),
    ("sample", "Sample"),
    ("exhibition", "Exhibition"),
    (RETURN, "Return"),
    (OTHER, "Other"),
]
#: What is moved for one of these is sold: an invoice has to follow.
SOLD_REASONS = (SALE, EXPORT)
#: The same as they are printed.
PRINTED_REASONS = {
    SALE: "Venta",
    TRANSFER: "Traslado entre depósitos",
    "consignment": "Consignación",
    "repair": "Reparación",
    EXPORT: "Exportación",
    "donation": "Donación",
    "own_use": "Autoconsumo",
    "sample": "Muestra",
    "exhibition": "Exhibición",
    RETURN: "Devolución",
    OTHER: "",
}

#: When the document of a transfer is issued.
AT_VALIDATION = "validation"
WHEN_READY = "ready"
ISSUED_WHEN = [
    (AT_VALIDATION, "When it is validated"),
    (WHEN_READY, "Before the goods leave, by a button"),
]

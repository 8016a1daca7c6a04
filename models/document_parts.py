"""The amounts of which a fiscal document's total is made. Plain Python."""

#: What a fiscal document states, by the names that they have in
#: :class:`smart_api.schemas.IssueRequest` too.
PARTS = (
    "exempt",
    "general_base",
    "general_tax",
    "reduced_base",
    "reduced_tax",
    "luxury_base",
    "luxury_tax",
    "igtf_base",
    "igtf_tax",
)

#: Those that add up to the total: the base of the IGTF is not sold once more.
ADDENDS = tuple(part for part in PARTS if part != "igtf_base")

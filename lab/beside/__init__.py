"""What becomes of documents where addons of others are installed; run by ``./dev beside``."""

#: How a script says where it is.
STEP = "STEP "
DONE = "DONE"

def labels(records, name):
    """Return what the values of a selection field are called, in the language of the records.

    :param records: of the model that has the field, none needed
    :rtype: dict[str, str]
    """
    return dict(records._fields[name]._description_selection(records.env))

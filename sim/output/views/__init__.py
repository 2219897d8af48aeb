"""What objects of the rooms below show of themselves, one view a file, registered by being there.

``repr``, ``_repr_html_``, ``to_dataframe`` and ``plot`` of scenarios, games and solutions ask for them by name.
"""

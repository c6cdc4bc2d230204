"""What all rooms share: six nouns (unit, person, response, record, entry, fact) and three verbs (file, amend, advance).

Read in this order: models/, workflow.py, scope.py, access.py, ledger.py, steps.py, facts.py, asks.py, module.py, desk/.
"""

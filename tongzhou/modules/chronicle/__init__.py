"""纪实: daily briefs, returns, disclosures and the chronicle of a response, written out of its records.

Its words: an *issue* is one paper of a *genre* (日报, 报表, 公示, 纪实) over a scope; it has sections by line of the
response (号令聚合力, 奋战逆风行, 献良言, 尽所能), sections have prose, and prose holds *tokens*, which stand for figures.
A figure opens its records; a *stray* is a number that has none. Publishing *freezes* scope, values and time, and a
later correction is shown beside the frozen value.

The organisation's editors compose and publish; the command post takes its returns; the public reads what is disclosed.
"""

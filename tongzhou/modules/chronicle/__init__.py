"""纪实: daily briefs, returns, disclosures and the chronicle of a response, written out of its records.

Its words: a *chronicle* is one paper of a *kind* (日报, 报表, 公示, 纪实) over a scope; it has *sections* by line of the
response (号令聚合力, 奋战逆风行, 诚心献良言, 服务尽所能). A section tells what the rooms tell, until somebody edits its prose;
prose holds *tokens*, which stand for figures. A figure opens its records; a *stray* is a number that has none, unless a
*cited* record holds it. Publishing *freezes* scope, words, values and time; a later correction is shown beside the frozen
value, and a new *edition* names the old one.

The organisation's editors compose, a leader publishes; the command post takes its returns; the public reads disclosures.
"""

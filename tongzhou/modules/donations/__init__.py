"""捐赠 Donations: goods and money given to a response, from the promise to the recipient's signature.

gift        捐赠   what one donor gives at one time; its lines are kinds of goods, or money (measure 元, counted in fen)
stock       库存   what is held, line by line: received = in stock + allocated + delivered + lost + returned, always
movement    流水   one change of stock; never changed afterwards, a mistake is set right by another one
allocation  分配   what goes to one recipient, or to several jointly where a report does not say how it was split
disclosure  公示   what was received, what it became and what is left, published for a period, with a digest of its rows

The secretary or the office files a promise; two people count what arrives; the keeper allocates, delivers and has it signed for;
anyone may read the public page. A party's branch is as a rule only the channel: the legal receipt is another body's, and the gift says whose.
"""

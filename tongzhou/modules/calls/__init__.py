"""倡议 Calls: what the organisation asks of its units and members, and what becomes of it with each of them.

call         倡议   a title, a preface, the upper-level notice it implements, requirements, and a day by which to answer
requirement  要求   one thing asked, with its asks line by line; it may lead on to a promise of goods
reply        答复   one addressee (a member, or a unit) and how far they have come: not delivered, delivered, read, answered
answer       表态   what an addressee says to one requirement: committed, done, or cannot, with a reason

The office drafts; a leader who did not write it reviews and issues; each addressed unit and each of its active members
becomes an addressee. A member answers on one screen. The unit's secretary sees who is missing, chases, registers what was
said by word of mouth, and reports the unit done only when each of its members is accounted for: answered or excused.

"Not delivered" means that the house cannot reach the addressee: a person without a sign-in and without an e-mail address,
a unit for which nobody holds a role there. They must be told by word of mouth; that is a move of its own.
"""

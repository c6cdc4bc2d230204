"""专栏 Publications: what the organisation writes about its work, reviewed three times and read by anyone.

column    专栏   a serial under one title on one channel
issue     期     one number of a column; a number stands once in its column
article   稿件   written from records where there are any, reviewed by three different people, published with its issue
consent   同意   of a person named or pictured: for what, since when, withdrawn when; without it nothing is published

A member drafts on a telephone, from a record or from nothing. The branch, the office and a leader review; the office edits, composes
the issue and publishes it: on a page of the house for anyone, and as text and pictures for the account on WeChat. What was published
is changed only by a correction that stands beside it.
"""

-- Where the item's first trace began. Null for items that were already on their way.
ALTER TABLE in_flight ADD COLUMN traceparent text;

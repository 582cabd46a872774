-- The arithmetic of bucket.py for a bucket that many processes share: function by function the same.
--
-- KEYS[1] is the bucket, ARGV[1] the time in seconds, ARGV[2] what to do, the rest its arguments; an empty argument
-- is an unknown number. The bucket is kept as one MessagePack value, which holds every double exactly.

local KEPT_FOR_PEOPLE = 0.2
local RESERVATION_SECONDS = 30
local PLACE_SECONDS = 2.5
local PROBED_SECONDS = 0.1
local KEPT_SECONDS = 3600
local BACKGROUND = 0

local function fresh(now)
  return { level = 0, at = now, rate = 0, spent = 0, closed_until = 0, reservations = {}, queue = {}, turns = 0 }
end

local function forward(bucket, now)
  if bucket.at > now + RESERVATION_SECONDS then
    return fresh(now)
  end
  now = math.max(now, bucket.at)
  local outstanding = 0
  for id, each in pairs(bucket.reservations) do
    if each.expires <= now then
      bucket.spent = bucket.spent + each.cost
      bucket.reservations[id] = nil
    else
      outstanding = outstanding + each.cost
    end
  end
  if bucket.maximum then
    local most = bucket.maximum - outstanding
    bucket.level = math.min(most, bucket.level + (now - bucket.at) * bucket.rate)
  end
  bucket.at = now
  for id, each in pairs(bucket.queue) do
    if each.expires <= now then
      bucket.queue[id] = nil
    end
  end
  return bucket
end

local function needed(maximum, cost, priority)
  local kept = 0
  if priority == BACKGROUND then
    kept = maximum * KEPT_FOR_PEOPLE
  end
  return math.min(maximum, cost + kept)
end

local function ahead(bucket, id, priority)
  local own, points = bucket.queue[id], 0
  local turn = own and own.turn or bucket.turns
  for key, each in pairs(bucket.queue) do
    if key ~= id and (each.priority > priority or (each.priority == priority and each.turn < turn)) then
      points = points + each.cost
    end
  end
  return points
end

local function seconds_until(bucket, id, cost, priority, patience)
  local closed, wait = bucket.closed_until - bucket.at, 0
  if not bucket.maximum then
    for _, each in pairs(bucket.reservations) do
      wait = math.max(wait, each.expires - bucket.at)
    end
    local probed = PROBED_SECONDS
    if patience > 0 then
      probed = math.min(probed, patience)
    end
    return math.max(math.min(wait, probed), closed, 0)
  end
  local missing = needed(bucket.maximum, cost, priority) + ahead(bucket, id, priority) - bucket.level
  if missing > 1e-6 then
    wait = missing / bucket.rate
  end
  return math.max(wait, closed, 0)
end

-- Answers the seconds to wait, and what the bucket's settled requests had cost before.
local function reserve(bucket, id, cost, priority, patience)
  local held = bucket.reservations[id]
  if held then
    return 0, held.before
  end
  local wait = seconds_until(bucket, id, cost, priority, patience)
  local place = bucket.queue[id]
  bucket.queue[id] = nil
  if wait <= 0 then
    bucket.reservations[id] = { cost = cost, expires = bucket.at + RESERVATION_SECONDS, before = bucket.spent }
    bucket.level = bucket.level - cost
    return 0, bucket.spent
  end
  if wait <= patience then
    local turn = place and place.turn or bucket.turns
    if not place then
      bucket.turns = bucket.turns + 1
    end
    bucket.queue[id] = { cost = cost, priority = priority, turn = turn, expires = bucket.at + PLACE_SECONDS }
  end
  return wait, bucket.spent
end

local function settle(bucket, id, cost, before, actual, closed_for, maximum, available, rate)
  local held = bucket.reservations[id] ~= nil
  bucket.reservations[id] = nil
  actual = actual or cost
  if held then
    bucket.level = bucket.level + cost - actual
  end
  if maximum then
    local most, outstanding = math.min(maximum, available), 0
    for _, each in pairs(bucket.reservations) do
      outstanding = outstanding + each.cost
    end
    local least = most - outstanding - math.max(0, bucket.spent - before)
    if bucket.maximum then
      bucket.level = math.min(most, math.max(least, bucket.level))
    else
      bucket.level = least
    end
    bucket.maximum, bucket.rate = maximum, rate
  end
  if held then
    bucket.spent = bucket.spent + actual
  end
  bucket.closed_until = math.max(bucket.closed_until, bucket.at + closed_for)
end

local function exactly(number)
  return string.format('%.17g', number)
end

local key, now, action = KEYS[1], tonumber(ARGV[1]), ARGV[2]

if action == 'forget' then
  return redis.call('DEL', key)
end

local stored = redis.call('GET', key)
local bucket = forward(stored and cmsgpack.unpack(stored) or fresh(now), now)
local answer = {}
if action == 'reserve' then
  local wait, before =
    reserve(bucket, ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
  answer = { exactly(wait), exactly(before) }
elseif action == 'settle' then
  settle(
    bucket, ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]),
    tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
  )
elseif bucket.maximum then
  return { exactly(bucket.maximum), exactly(math.max(0, bucket.level)), exactly(bucket.rate) }
else
  return answer
end
redis.call('SET', key, cmsgpack.pack(bucket), 'EX', KEPT_SECONDS)
return answer

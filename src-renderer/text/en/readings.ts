/** How the reading of the log goes. */
export const readings = {
  'seems.status-log':
    'It seems to be osquery’s status log, in which osqueryd tells of itself. Name the log of results, osqueryd.results.log.',
  'seems.shipper':
    'It seems to be what a log shipper (Filebeat, Fluentd, Logstash) has made of the results. Name osquery’s own osqueryd.results.log, or let the shipper keep the line whole, in “message”.',
  'seems.spread': 'It seems to be JSON that is spread over several lines. Write one object a line, as osquery does.',
  'seems.not-json':
    'Its lines are no JSON, or are cut: it seems to be the log of another program. Name osquery’s log of results, osqueryd.results.log.',
  'seems.no-result':
    'Its lines are JSON, but no results of osquery. Name osquery’s log of results, osqueryd.results.log.',
  'odd.prefix': {
    one: '{n} line had something before its JSON, as syslog puts it there, and was unwrapped; others may write into such a log.',
    other:
      '{n} lines had something before their JSON, as syslog puts it there, and were unwrapped; others may write into such a log.',
  },
  'odd.several': {
    one: '{n} line held several results and was taken apart.',
    other: '{n} lines held several results and were taken apart.',
  },
  'odd.array': {
    one: '{n} line was one of a JSON array and was unwrapped.',
    other: '{n} lines were those of a JSON array and were unwrapped.',
  },
  'odd.shipped': {
    one: '{n} line was wrapped by a log shipper and was unwrapped.',
    other: '{n} lines were wrapped by a log shipper and were unwrapped.',
  },
  'odd.future': {
    one: '{n} row claims a time in the future and was taken for as old as the line before: see the machine’s clock.',
    other: '{n} rows claim a time in the future and were taken for as old as the line before: see the machine’s clock.',
  },
  'log.none': 'It holds no result of osquery.',
  'log.refused': { one: '{n} line refused: {reason}.', other: '{n} lines refused: {reason}.' },
  'reason.not-json': 'no JSON',
  'reason.not-an-object': 'no object',
  'reason.no-name': 'without a query’s name',
  'reason.no-time': 'without a time',
  'reason.no-rows': 'without rows',
  'reason.bad-row': 'a row that cannot be read',
  'reason.bad-action': 'an unknown action',
  'reason.too-long': 'longer than 1 MiB',
  'reason.status-log': 'osqueryd’s own messages',
  'reason.shipper': 'a log shipper’s records',
  'reason.spread': 'JSON over several lines',
};

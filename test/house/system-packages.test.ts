import { describe, expect, it } from 'vitest';
import wanted from '../../scripts/system-packages.json' with { type: 'json' };
import { isOnPath, noticeOf } from '../../scripts/test/system-packages.ts';

describe('system packages', () => {
  it('finds a program that is there and none that is not', () => {
    expect(isOnPath('sh')).toBe(true);
    expect(isOnPath('no-such-program-anywhere')).toBe(false);
  });

  it('tells of what is missing, why it is needed and how to get it', () => {
    const notice = noticeOf(wanted);
    for (const one of wanted) expect(notice).toContain(`${one.package}: ${one.neededFor}`);
    expect(notice).toMatch(/sudo apt-get install .*libsvm-tools/);
    expect(noticeOf([])).toBe('');
  });
});

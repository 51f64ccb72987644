import type { Subject } from '../driver/application.ts';

/** @param folder where the sample was built */
export const sampleSubject = (folder: string): Subject => ({
  folder,
  title: /^BenchSample$/,
  page: 'index.html',
  data: [
    ['XDG_CONFIG_HOME', 'BenchSample'],
    ['XDG_CONFIG_HOME', 'BenchSample/chromium'],
  ],
  layOut(application) {
    application.removeConfig('BenchSample');
    return { SAMPLE_LOG: application.log };
  },
});

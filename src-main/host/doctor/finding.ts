import type { DoctorStep } from '../../contract/doctor.ts';

/** What was found at a step: all but its name. */
export type Finding = Omit<DoctorStep, 'id'>;

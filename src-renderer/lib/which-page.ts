/** The page of a fleet has no central copy of actions: what leads to one elsewhere leads to what alerts of several users share. */
export const isFleetPage: boolean =
  typeof document !== 'undefined' && document.documentElement.dataset.page === 'fleet';

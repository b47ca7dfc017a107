import fc from 'fast-check';

// The same commit draws the same histories, so that a failure is found before it lands and not by chance later.
// `FC_SEED` selects another seed.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });

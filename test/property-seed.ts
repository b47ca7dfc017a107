import fc from 'fast-check';

// The same commit gives the same result: a drawn history that fails is found before it lands, not by chance after.
// `FC_SEED` draws other histories.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });

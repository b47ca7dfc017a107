import { useEffect, useState } from 'react';
import classes from './loading.module.css';

/** Becomes true after a time. */
function useAfter(ms: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isOver;
}

/** What stands in the place of data that is being read: nothing at first, then grey rows, then the name of the service. */
export function Loading({ from }: { readonly from: string }) {
  const isVisible = useAfter(200);
  const isLong = useAfter(5000);
  return (
    <div data-loading role="status" className={classes.rows}>
      <span className="visually-hidden">{isVisible ? 'Loading' : ''}</span>
      {isVisible && ['one', 'two', 'three'].map((row) => <div key={row} className={classes.row} />)}
      {isLong && <p className="dim">Still waiting for {from}.</p>}
    </div>
  );
}

import { RingdownClient } from '@ringdown/sdk';
import { useCallback, useEffect, useMemo, useState } from 'react';

/**
 * One client for as long as the component is shown, and its latest call.
 *
 * @param {import('@ringdown/sdk').ClientOptions} options of the first render
 */
export function useRingdown(options) {
  const client = useMemo(() => new RingdownClient(options), []);
  const [call, setCall] = useState(null);
  const [state, setState] = useState('idle');
  const [problem, setProblem] = useState(null);

  useEffect(() => () => client.close(), [client]);

  const follow = useCallback((made) => {
    setCall(made);
    setState(made.state);
    made.addEventListener('statechange', () => setState(made.state));
    made.addEventListener('ended', ({ reason }) => {
      setCall(null);
      setProblem(reason.failed ? reason : null);
    });
  }, []);

  useEffect(() => {
    const resumed = ({ calls }) => calls.forEach(follow); // this page was loaded again while it talked
    client.addEventListener('resumed', resumed);
    return () => client.removeEventListener('resumed', resumed);
  }, [client, follow]);

  const dial = useCallback(async (to) => {
    setProblem(null);
    setState('connecting');
    try {
      await client.connect({ to });
      if (client.calls.length === 0) { // else `resumed` has told of the one that goes on
        follow(await client.call({ to }));
      }
    } catch (error) {
      setState('idle');
      setProblem({ text: error.message, hint: error.hint, retryable: error.retryable });
    }
  }, [client, follow]);

  return { client, call, state, problem, dial };
}

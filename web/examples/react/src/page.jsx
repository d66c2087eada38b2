import { createRoot } from 'react-dom/client';
import { useRingdown } from './useRingdown.js';

const GATEWAY = 'http://127.0.0.1:8080'; // yours
const NUMBER = '+4930123456';

function CallButton() {
  const { call, state, problem, dial } = useRingdown({ url: GATEWAY, tokenUrl: '/ringdown-token', tokenPer: 'call' });
  return (
    <main>
      {call ? <button id="hangup" onClick={() => call.hangup()}>Hang up</button>
        : <button id="call" disabled={state === 'connecting'} onClick={() => dial(NUMBER)}>Call us</button>}
      <p id="state" role="status">{problem ? `${problem.text} ${problem.hint}` : state}</p>
    </main>
  );
}

createRoot(document.getElementById('root')).render(<CallButton />);

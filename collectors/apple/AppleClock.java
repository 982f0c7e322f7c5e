package collectors.apple;

/** The time by which counters are judged; another one in tests. */
interface AppleClock {

    AppleClock SYSTEM = new AppleClock() {

        private static final long PAUSE_MILLIS = 20;

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause() throws InterruptedException {
            Thread.sleep(PAUSE_MILLIS);
        }
    };

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** Waits a moment for counters to move. */
    void pause() throws InterruptedException;
}

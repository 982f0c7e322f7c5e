package server;

import static org.assertj.core.api.Assertions.assertThat;

import collectors.DeviceKind;
import collectors.DeviceSample;
import org.junit.jupiter.api.Test;

class EnergyMeterTest {

    @Test
    void constantPowerIsIntegratedExactly() {
        EnergyMeter meter = new EnergyMeter(50);
        DeviceSample sample = new DeviceSample("gpu", DeviceKind.GPU, "GPU");
        sample.powerWatts = 100;
        for (int i = 0; i <= 20; i++) {
            meter.add(sample, i * 50_000_000L);
        }
        assertThat(meter.joules()).isEqualTo(100.0);
        assertThat(meter.source()).isEqualTo(EnergyMeter.Source.INTEGRATED);
    }
}

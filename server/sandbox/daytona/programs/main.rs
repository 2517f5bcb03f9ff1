mod json;
#[allow(unused_imports)]
use json::{Json, ToJson};

/// What a program tells whoever looks at its step.
#[allow(dead_code)]
mod utils {
    use super::json::{Json, ToJson};
    use std::fmt::Display;
    use std::time::{SystemTime, UNIX_EPOCH};

    pub fn log(message: impl Display) -> Json {
        say("log", "info", &message.to_string(), Json::Null)
    }
    pub fn warn(message: impl Display) -> Json {
        say("warn", "warn", &message.to_string(), Json::Null)
    }
    pub fn error(message: impl Display) -> Json {
        say("error", "error", &message.to_string(), Json::Null)
    }
    pub fn log_with(message: impl Display, data: impl ToJson) -> Json {
        say("log", "info", &message.to_string(), data.to_json())
    }
    pub fn warn_with(message: impl Display, data: impl ToJson) -> Json {
        say("warn", "warn", &message.to_string(), data.to_json())
    }
    pub fn error_with(message: impl Display, data: impl ToJson) -> Json {
        say("error", "error", &message.to_string(), data.to_json())
    }

    // A record separator around the level tells what is said from what is printed.
    fn say(kind: &str, level: &str, message: &str, data: Json) -> Json {
        let mark = format!("\u{1e}{}\u{1e}", level);
        let line = if data == Json::Null { message.to_string() } else { format!("{} {}", message, data) };
        println!("{}{}", mark, line.replace('\n', &format!("\n{}", mark)));
        let mut said = Json::object();
        said.set("type", kind);
        said.set("message", message);
        said.set("data", data);
        said.set("timestamp", now());
        said
    }

    /// In UTC, as ISO 8601 has it.
    fn now() -> String {
        let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = passed.as_secs() as i64;
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Years from March, in eras of 400 years: the day that comes and goes is then a year's last.
        let day = days + 719_468;
        let era = day.div_euclid(146_097);
        let of_era = day.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            year + era * 400 + i64::from(month <= 2),
            month,
            of_year - (153 * from_march + 2) / 5 + 1,
            rest / 3_600,
            rest / 60 % 60,
            rest % 60,
            passed.subsec_millis()
        )
    }
}

include!("code.rs");
include!("call.rs");

fn main() {
    let text = std::fs::read_to_string("job.json").expect("the job can't be read");
    let job = Json::parse(&text).expect("the job can't be read");
    let context = job.get("context").clone();
    let value = if job.get("each") == &Json::Bool(true) {
        let mut results = Vec::new();
        for (index, item) in job.get("items").list().iter().enumerate() {
            let mut own = context.clone();
            own.set("item", item.clone());
            own.set("itemIndex", Json::Number(index as f64));
            let mut result = Json::object();
            result.set("value", tolstoy_call(&own));
            result.set("missing", Json::Bool(false));
            results.push(result);
        }
        Json::List(results)
    } else {
        tolstoy_call(&context)
    };
    let mut answer = Json::object();
    answer.set("value", Json::Text(value.to_string()));
    std::fs::write("answer.json", answer.to_string()).expect("the answer can't be written");
}

mod json;
#[allow(unused_imports)]
use json::{Json, ToJson};

/// What a program tells whoever looks at its step.
#[allow(dead_code)]
mod utils {
    pub fn log(message: impl std::fmt::Display) {
        println!("{}", message);
    }
    pub fn warn(message: impl std::fmt::Display) {
        eprintln!("{}", message);
    }
    pub fn error(message: impl std::fmt::Display) {
        eprintln!("{}", message);
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
